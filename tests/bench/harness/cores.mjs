// Which cores the servers get and which the load.
import { readFileSync } from 'node:fs';

/// "0-2,5" -> [0, 1, 2, 5]
export function coresOf(list) {
    return list.split(',').flatMap((part) => {
        const [first, last = first] = part.split('-').map(Number);
        return Array.from({ length: last - first + 1 }, (_, i) => first + i);
    });
}

/// Two cores for servers and two for the load; with fewer they share, and `enough` is false.
export function layout(cores) {
    const enough = cores.length >= 4;
    const place = (at) => cores[at % cores.length];
    return {
        enough,
        one: [place(0)],
        two: [...new Set([place(0), place(1)])],
        load: enough ? [place(2), place(3)] : [place(cores.length - 1)],
    };
}

export function allowedCores() {
    return coresOf(/^Cpus_allowed_list:\s+(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
}
