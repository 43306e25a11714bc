FROM scratch
COPY worker /
