package dev.auspex.system.house.counterexample.http;

import io.vertx.core.Future;
import io.vertx.core.Handler;

/** A handler that stops its event loop. */
final class WaitingHandler implements Handler<Future<String>> {

    @Override
    public void handle(Future<String> answer) {
        answer.await();
    }
}
