# The program and everything that it calls, taken from the node's own root so that both speak the same iptables.
ARG BASE
FROM $BASE AS root
RUN sh /recipe/collect-proxy.sh
FROM scratch
ENV PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
COPY --from=root /proxy/ /
COPY bin/ /usr/local/bin/
