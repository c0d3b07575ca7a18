// API keys as a straightforward service has them: looked up by hash, remembered for five seconds like ours.
import { createHash } from 'node:crypto';

const remembered_ms = 5000;

export class Keys {
    #pool;
    #known = new Map();

    constructor(pool) {
        this.#pool = pool;
    }

    /// The tenant and the scopes of the bearer, or nothing.
    async principal(authorization) {
        if (authorization === undefined || !authorization.startsWith('Bearer ')) return undefined;
        const hash = createHash('sha256').update(authorization.slice(7)).digest('hex');
        const known = this.#known.get(hash);
        if (known !== undefined && known.until > performance.now()) return known.principal;
        const { rows } = await this.#pool.query({
            name: 'key',
            text: 'SELECT tenant_id, scopes FROM peers.api_keys WHERE key_hash = $1',
            values: [hash],
        });
        if (rows.length === 0) return undefined;
        const principal = { tenant: rows[0].tenant_id, scopes: new Set(rows[0].scopes.split(' ')) };
        this.#known.set(hash, { principal, until: performance.now() + remembered_ms });
        return principal;
    }
}
