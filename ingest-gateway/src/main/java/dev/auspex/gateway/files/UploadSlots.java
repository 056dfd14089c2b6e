package dev.auspex.gateway.files;

import dev.auspex.protocol.AccountId;
import java.util.HashMap;
import java.util.Map;

/** Bounds how many uploads run at once, and how many of them are one account's. Safe for any thread. */
final class UploadSlots {

    private final int total;
    private final int perAccount;
    private final Map<AccountId, Integer> taken = new HashMap<>();
    private int all;

    UploadSlots(int total, int perAccount) {
        this.total = total;
        this.perAccount = perAccount;
    }

    /** Takes a slot if there is one; who got it gives it back. */
    synchronized boolean take(AccountId account) {
        int mine = taken.getOrDefault(account, 0);
        if (all == total || mine == perAccount) {
            return false;
        }
        all++;
        taken.put(account, mine + 1);
        return true;
    }

    /** Gives a slot back. */
    synchronized void release(AccountId account) {
        all--;
        taken.computeIfPresent(account, (owner, mine) -> mine == 1 ? null : mine - 1);
    }
}
