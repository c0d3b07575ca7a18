// What /proc says about a process and those that it started.
import { readFileSync, readdirSync } from 'node:fs';

/// The kernel tells processor time in hundredths of a second, whatever it counts in.
const ticks_a_second = 100;

/// Of /proc/PID/stat: the parent, and seconds of processor time, its own and that of children which it has waited for.
export function statOf(text) {
    // The name in brackets may hold anything; the fields are counted behind its last bracket.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const seconds = (at) => Number(fields[at]) / ticks_a_second;
    return { parent: Number(fields[1]), own: seconds(11) + seconds(12), waited: seconds(13) + seconds(14) };
}

/// Of /proc/PID/smaps_rollup or status: the line's KiB, 0 where there is none.
export function kibibytes(text, name) {
    const line = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text);
    return line === null ? 0 : Number(line[1]);
}

function stats() {
    const found = new Map();
    for (const name of readdirSync('/proc')) {
        if (!/^\d+$/.test(name)) continue;
        try {
            found.set(Number(name), statOf(readFileSync(`/proc/${name}/stat`, 'utf8')));
        } catch {
            // It has ended since the folder was read.
        }
    }
    return found;
}

/// The process and all below it, as a map from pid to its stat.
export function tree(pid, all = stats()) {
    const found = new Map();
    const add = (one) => {
        if (!all.has(one) || found.has(one)) return;
        found.set(one, all.get(one));
        for (const [child, stat] of all) if (stat.parent === one) add(child);
    };
    add(pid);
    return found;
}

/// Seconds of processor time of the process and all below it, those that have ended included.
export function processorSeconds(pid) {
    let seconds = 0;
    for (const stat of tree(pid).values()) seconds += stat.own + stat.waited;
    return seconds;
}

/// Seconds of processor time of this process's children that have ended.
export function endedChildrenSeconds() {
    return statOf(readFileSync('/proc/self/stat', 'utf8')).waited;
}

/// Memory of the process and all below it in MiB; what several of them share counts once.
export function residentMebibytes(pid) {
    const pids = [...tree(pid).keys()];
    let sum = 0;
    for (const one of pids) {
        try {
            sum += pids.length === 1
                ? kibibytes(readFileSync(`/proc/${one}/status`, 'utf8'), 'VmRSS')
                : kibibytes(readFileSync(`/proc/${one}/smaps_rollup`, 'utf8'), 'Pss');
        } catch {
            // It has ended, or belongs to somebody else.
        }
    }
    return sum / 1024;
}
