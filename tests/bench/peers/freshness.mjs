// The freshness that our answers end with, kept for a second: nobody would ask for it with every request.

const kept_ms = 1000;

const select = `
    SELECT c.connection_id, s.stream, c.provider, c.health AS status, s.fetched_at, s.verified_complete_at, s.changed_at
    FROM connections c JOIN stream_states s USING (tenant_id, connection_id)
    WHERE c.tenant_id = $1`;

const oldest = (times) => times.reduce((a, b) => (a < b ? a : b));

export class Freshness {
    #pool;
    #asked = -Infinity;
    #streams = new Map();
    #texts = new Map();

    constructor(pool) {
        this.#pool = pool;
    }

    async refresh(tenant) {
        const now = performance.now();
        if (now - this.#asked < kept_ms) return;
        this.#asked = now;
        const { rows } = await this.#pool.query({ name: 'freshness', text: select, values: [tenant] });
        this.#streams = new Map(rows.map((row) => [`${row.connection_id} ${row.stream}`, row]));
        this.#texts = new Map();
    }

    /// `sources`: a line a source, as documents have them: connection id, space, stream.
    text(sources) {
        const made = this.#texts.get(sources);
        if (made !== undefined) return made;
        const streams = sources.split('\n').map((line) => this.#streams.get(line)).filter((row) => row !== undefined);
        const text = JSON.stringify(
            streams.length === 0
                ? { sources: [] }
                : {
                      fetched_at: oldest(streams.map((row) => row.fetched_at)),
                      verified_complete_at: oldest(streams.map((row) => row.verified_complete_at)),
                      changed_at: streams.map((row) => row.changed_at).reduce((a, b) => (a > b ? a : b)),
                      sources: streams,
                  },
        );
        this.#texts.set(sources, text);
        return text;
    }
}
