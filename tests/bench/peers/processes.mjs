// One process, or several that share a port, as Node.js itself offers it.
import cluster from 'node:cluster';

/// Runs `serve` in PROCESSES processes and says "ready" when all of them listen.
export async function inProcesses(serve) {
    const wanted = Number(process.env.PROCESSES ?? '1');
    if (wanted > 1 && cluster.isPrimary) {
        let listening = 0;
        cluster.on('listening', () => {
            listening += 1;
            if (listening === wanted) console.log('ready');
        });
        // One that ends takes the others with it: figures of half a peer would flatter us.
        cluster.on('exit', () => process.exit(1));
        for (let i = 0; i < wanted; i += 1) cluster.fork();
        return;
    }
    await serve();
    if (!cluster.isWorker) console.log('ready');
}
