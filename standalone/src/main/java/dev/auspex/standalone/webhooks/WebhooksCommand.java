package dev.auspex.standalone.webhooks;

import picocli.CommandLine.Command;

/** {@code auspex webhooks …}: everything about webhooks that a person does by hand. */
@Command(
        name = "webhooks",
        description = "Receive, verify, look back at, send again and try out webhooks.",
        mixinStandardHelpOptions = true,
        subcommands = {ListenCommand.class, LogCommand.class, RedeliverCommand.class, TestCommand.class,
            VerifyCommand.class})
public final class WebhooksCommand {}
