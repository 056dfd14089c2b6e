package dev.auspex.standalone;

import dev.auspex.runtime.config.ConfigException;
import dev.auspex.runtime.lifecycle.NotYetException;
import dev.auspex.standalone.webhooks.WebhooksCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line behind the launcher. Exit codes: 0 normal, 1 fault, 2 bad configuration or usage. */
@Command(
        name = "auspex",
        description = "A self-hosted prediction platform: Replicate's HTTP API, Kafka as the spine, your own GPUs.",
        mixinStandardHelpOptions = true,
        version = "Auspex 0.1.0",
        subcommands = {
            UpCommand.class, BrokerCommand.class, WebhooksCommand.class, ReplayCommand.class, DeadCommand.class,
            ModelsCommand.class,
            UsageCommand.class, TokensCommand.class, AccountsCommand.class
        })
public final class Auspex {

    private Auspex() {}

    /** Runs one command. */
    public static void main(String[] args) {
        int code = commandLine().execute(args);
        if (code != 0) {
            dev.auspex.runtime.lifecycle.Shutdown.exit(code);
        }
    }

    /** All commands, with problems told in one sentence where a person can do something about them. */
    static CommandLine commandLine() {
        return new CommandLine(new Auspex()).setExecutionExceptionHandler((exception, commandLine, result) -> {
            if (exception instanceof ConfigException
                    || exception instanceof NotYetException
                    || exception instanceof StartException) {
                commandLine.getErr().println(exception.getMessage());
                return 2;
            }
            throw exception;
        });
    }
}
