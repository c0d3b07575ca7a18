// Our reads written straightforwardly with Fastify and node-postgres over the same table: the key is checked, the statement
// names the tenant, what is stored is sent with its freshness. PORT, PROCESSES, DATABASE_URL, DATABASE_TENANT.
import Fastify from 'fastify';
import pg from 'pg';
import { Freshness } from './freshness.mjs';
import { inProcesses } from './processes.mjs';
import { Keys } from './keys.mjs';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const statements = {
    one: `SELECT body, version, sources FROM documents
          WHERE tenant_id = $1 AND document_id = $2 AND kind = 'customer'`,
    page: `SELECT document_id, body, sources FROM documents
           WHERE tenant_id = $1 AND kind = 'customer' AND deleted_at IS NULL AND document_id > $2
           ORDER BY document_id LIMIT $3`,
    several: `SELECT document_id, body, sources FROM documents
              WHERE tenant_id = $1 AND document_id = ANY($2::uuid[]) AND kind = 'customer'`,
    overview: `SELECT kind, body, sources FROM documents
               WHERE tenant_id = $1 AND deleted_at IS NULL AND document_id = ANY(ARRAY(
                   SELECT a.target_id FROM memberships m JOIN access a USING (tenant_id, profile_id)
                   WHERE m.tenant_id = $1 AND m.customer_id = $2 UNION ALL SELECT $2::uuid))`,
};

function problem(reply, status, code) {
    return reply.code(status).header('content-type', 'application/problem+json').send(JSON.stringify({ status, code }));
}

function json(reply, text) {
    return reply.header('content-type', 'application/json').send(text);
}

function application(pool) {
    const app = Fastify({ logger: false });
    const keys = new Keys(pool);
    const freshness = new Freshness(pool);
    const rows = async (name, values) => (await pool.query({ name, text: statements[name], values })).rows;
    const shown = (row) => `${row.body.slice(0, -1)},"freshness":${freshness.text(row.sources)}}`;

    app.addHook('onRequest', async (request, reply) => {
        const principal = await keys.principal(request.headers.authorization);
        if (principal === undefined) return problem(reply, 401, 'unauthorized');
        if (!principal.scopes.has('read') || !principal.scopes.has('personal')) return problem(reply, 403, 'missing_scope');
        request.tenant = principal.tenant;
        await freshness.refresh(principal.tenant);
    });

    app.get('/v1/customers/:id', async (request, reply) => {
        if (!uuid.test(request.params.id)) return problem(reply, 404, 'not_found');
        const [row] = await rows('one', [request.tenant, request.params.id]);
        if (row === undefined) return problem(reply, 404, 'not_found');
        reply.header('etag', `"${request.params.id}-${row.version}"`);
        return json(reply, `${row.body.slice(0, -1)},"partial":[],"freshness":${freshness.text(row.sources)}}`);
    });

    app.get('/v1/customers', async (request, reply) => {
        const size = Math.min(Number(request.query.page_size ?? 50), 1000);
        const after = request.query.page_token ?? '00000000-0000-0000-0000-000000000000';
        const found = await rows('page', [request.tenant, after, size + 1]);
        const page = found.slice(0, size);
        const next = found.length > size ? page.at(-1).document_id : '';
        return json(reply, `{"items":[${page.map(shown).join(',')}],"next_page_token":"${next}","partial":[]}`);
    });

    app.post('/v1/customers::batchGet', async (request, reply) => {
        const found = await rows('several', [request.tenant, request.body.ids]);
        const byId = new Map(found.map((row) => [row.document_id, row]));
        if (request.body.ids.some((id) => !byId.has(id))) return problem(reply, 404, 'not_found');
        return json(reply, `{"items":[${request.body.ids.map((id) => shown(byId.get(id))).join(',')}],"partial":[]}`);
    });

    app.get('/v1/customers/:id/overview', async (request, reply) => {
        if (!uuid.test(request.params.id)) return problem(reply, 404, 'not_found');
        const found = await rows('overview', [request.tenant, request.params.id]);
        const customer = found.find((row) => row.kind === 'customer');
        if (customer === undefined) return problem(reply, 404, 'not_found');
        const of = (kind) => found.filter((row) => row.kind === kind).map(shown).join(',');
        return json(
            reply,
            `{"customer":${shown(customer)},"accounts":[${of('account')}],"sub_accounts":[${of('sub_account')}],` +
                `"account_groups":[${of('account_group')}],"partial":[]}`,
        );
    });
    return app;
}

await inProcesses(async () => {
    // The table's second wall: the session says whose rows it sees. A service for several tenants would say so in every
    // transaction, which costs more.
    const pool = new pg.Pool({
        connectionString: process.env.DATABASE_URL,
        options: `-c tributary.tenant=${process.env.DATABASE_TENANT}`,
    });
    await application(pool).listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
});
