# The official broker with one class more: the assignor that keeps a job from waiting behind a long one.
ARG KAFKA=apache/kafka:4.3.1
FROM ${KAFKA}
COPY embedded-broker/target/embedded-broker-*.jar /opt/kafka/libs/auspex-broker.jar
