# The node without the images inside it. Plain syntax throughout: an engine of 2020 builds it.
FROM scratch
ADD root.tar /
COPY kind/ /
COPY overlay/ /
COPY bin/ /usr/local/bin/
COPY cni/ /opt/cni/bin/
COPY kubernetes/ /usr/bin/
COPY scripts/ /recipe/
RUN sh /recipe/finish-root.sh
ENV container=docker
STOPSIGNAL SIGRTMIN+3
ENTRYPOINT [ "/usr/local/bin/entrypoint", "/sbin/init" ]
