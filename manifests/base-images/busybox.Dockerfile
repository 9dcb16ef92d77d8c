# One static program under many names; ash is /bin/sh.
FROM scratch
COPY busybox /bin/busybox
RUN [ "/bin/busybox", "--install", "/bin" ]
CMD [ "sh" ]
