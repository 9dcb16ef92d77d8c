# One static program; the pod says how it is called.
FROM scratch
ENV PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
COPY bin/ /usr/local/bin/
