package dev.auspex.protocol.catalog;

import dev.auspex.protocol.AccountId;

/**
 * What a model has that was made through the API, besides what every model has.
 *
 * @param account whose it is: only it may change the model
 * @param visibility who can see it
 * @param page what people read about it
 * @param change which request led to the model as it is, so that the one who asked can tell
 */
public record ModelProfile(AccountId account, Visibility visibility, ModelPage page, String change) {}
