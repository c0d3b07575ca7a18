// The middle of several rounds, and how far they lie apart.

/// Of an empty list: undefined. Of an even number the mean of the two in the middle.
export function median(values) {
    const sorted = values.filter((value) => value !== undefined && value !== null).sort((a, b) => a - b);
    if (sorted.length === 0) return undefined;
    const middle = Math.floor(sorted.length / 2);
    return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/// From the least to the most, as a part of the middle; 0 of fewer than two.
export function spread(values) {
    if (values.length < 2) return 0;
    const middle = median(values);
    return middle === 0 ? 0 : (Math.max(...values) - Math.min(...values)) / middle;
}

/// The value that `percent` of all are at most.
export function percentile(values, percent) {
    const sorted = [...values].sort((a, b) => a - b);
    if (sorted.length === 0) return undefined;
    return sorted[Math.min(sorted.length - 1, Math.ceil((sorted.length * percent) / 100) - 1)];
}
