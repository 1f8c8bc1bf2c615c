// How long /health takes while something else goes on.
import {type ChildProcess, fork} from 'node:child_process';
import {fileURLToPath} from 'node:url';

const PROBE = fileURLToPath(new URL('probe.ts', import.meta.url));

export interface Latencies {
	readonly count: number;
	readonly p50: number;
	readonly p99: number;
	readonly max: number;
}

export interface Probed {
	readonly health: Latencies;
	/** Of a server that does nothing, on the same machine at the same time. */
	readonly bare: Latencies;
}

const next = (child: ChildProcess): Promise<unknown> =>
	new Promise((resolve, reject) => {
		child.once('message', resolve);
		child.once('exit', code => reject(new Error(`The probe ended with ${code}`)));
	});

/** @returns Call it to end, and for what was found. */
export async function startProbe(port: number): Promise<() => Promise<Probed>> {
	const bare = fork(PROBE, ['bare']);
	const barePort = await next(bare);
	const probe = fork(PROBE, ['probe', `${port},${barePort}`]);
	return async () => {
		const found = next(probe);
		probe.send('end');
		const [health = [], other = []] = (await found) as number[][];
		bare.kill();
		return {health: summarize(health), bare: summarize(other)};
	};
}

export function summarize(values: readonly number[]): Latencies {
	const sorted = values.toSorted((one, other) => one - other);
	const quantile = (part: number): number => sorted[Math.ceil(part * sorted.length) - 1] ?? Number.NaN;
	return {count: sorted.length, p50: quantile(0.5), p99: quantile(0.99), max: quantile(1)};
}

export const describe = ({p50, p99, max, count}: Latencies): string =>
	`p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}, max ${max.toFixed(0)} ms (${count})`;
