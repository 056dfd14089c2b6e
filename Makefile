.PHONY: build test up bench clean
build:
	./auspex build
test:
	./auspex test
up:
	./auspex up
bench:
	./auspex bench
clean:
	mvn -q -B clean
