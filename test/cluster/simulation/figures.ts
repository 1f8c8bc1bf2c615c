// How long many workers take for very much data: `node test/cluster/simulation/figures.ts`. Nothing is read and no time passes: the decisions are
// those of the real coordinator, and all else is assumed as it stands below, which the table says, too. It prints Markdown.
import {Coordination} from '../../../source/cluster/coordination.ts';
import {Chance, VirtualClock} from './clock.ts';

/** What is assumed. */
const THREADS = 4;
/** Of each thread, from a store that gives all of them as much at once. */
const BYTES_PER_MS = 50_000;
const LATENCY_MS = 40;
const PART_BYTES = 64 * 1024 * 1024;
/** Each worker dies once in so long, and is there again a minute later; its jobs are given to others when their locks have expired. */
const DIES_EVERY_MS = 24 * 3600 * 1000;
const [AWAY_MS, LOCK_MS] = [60_000, 30_000];
const MERGE_MS = 0.5;
/** How long a queue is busy with each job, from when it is put in until its result was fetched: what was measured on two cores. */
const QUEUES = {Redis: 1000 / 400, PostgreSQL: 1000 / 150} as const;

const TB = 1e12;
const SIMULATED_BYTES = 10 * TB;

interface Figures {
	readonly elapsedMs: number;
	readonly restarted: number;
}

/** @param jobMs - How long the queue is busy with each job. */
function play(workers: number, jobMs: number): Figures {
	const clock = new VirtualClock();
	const chance = new Chance(workers);
	let tokens = 0;
	const coordination = new Coordination<null>({createToken: key => `${key}-${tokens++}`});
	const total = Math.ceil(SIMULATED_BYTES / PART_BYTES);
	let [sent, done, restarted] = [0, 0, 0];
	/** The queue and the coordinator do one thing after the other. */
	const line = (ms: number): ((run: () => void) => void) => {
		let freeAtMs = 0;
		return run => {
			freeAtMs = Math.max(freeAtMs, clock.now) + ms;
			clock.after(freeAtMs - clock.now, run);
		};
	};
	const [inQueue, inCoordinator] = [line(jobMs / 3), line(MERGE_MS)];
	const waiting: string[] = [];
	const isDeadUntil = new Float64Array(workers);
	const idle: number[] = Array.from({length: workers * THREADS}, (_, thread) => thread);

	const send = (): void => {
		// As the real one: there are twice as many waiting as there are threads.
		while (sent < total && coordination.waitingCount < 2 * workers * THREADS) coordination.submit(`part${sent++}`);
		perform();
	};
	const perform = (): void => {
		for (const command of coordination.takeCommands()) {
			if (command.type === 'add')
				inQueue(() => {
					coordination.accepted(command.token, clock.now);
					waiting.push(command.token);
					give();
				});
			if (command.type === 'ended') {
				done++;
				send();
			}
		}
	};
	const give = (): void => {
		while (idle.length > 0 && waiting.length > 0) {
			const thread = idle.pop();
			const token = waiting.shift();
			if (thread === undefined || token === undefined) return;
			inQueue(() => work(thread, token));
		}
	};
	const work = (thread: number, token: string): void => {
		coordination.saw(token, {type: 'active'}, clock.now);
		perform();
		const worker = Math.floor(thread / THREADS);
		const readMs = LATENCY_MS + (PART_BYTES / BYTES_PER_MS) * chance.between(0.8, 1.2);
		const free = (afterMs: number): void =>
			clock.after(afterMs, () => {
				idle.push(thread);
				give();
			});
		const isAway = (isDeadUntil[worker] ?? 0) > clock.now;
		if (isAway || chance.happens(readMs / DIES_EVERY_MS)) {
			if (!isAway) isDeadUntil[worker] = clock.now + AWAY_MS;
			restarted++;
			clock.after(LOCK_MS, () => {
				waiting.push(token);
				give();
			});
			free((isDeadUntil[worker] ?? 0) - clock.now);
			return;
		}
		clock.after(readMs, () => {
			free(0);
			inQueue(() =>
				inCoordinator(() => {
					coordination.saw(token, {type: 'completed', result: null}, clock.now);
					perform();
				}),
			);
		});
	};
	send();
	clock.run(Number.POSITIVE_INFINITY, () => done === total);
	if (done !== total) throw new Error(`Expected ${total} parts, but ${done} are done`);
	return {elapsedMs: clock.now, restarted};
}

const hours = (ms: number): string => {
	const all = ms / 3_600_000;
	return ms < 120_000
		? `${Math.round(ms / 1000)} s`
		: all < 1
			? `${Math.round(all * 60)} min`
			: all < 48
				? `${all.toFixed(1)} h`
				: `${(all / 24).toFixed(1)} days`;
};
const say = (line: string): void => {
	process.stdout.write(`${line}\n`);
};

say(
	`Simulated, not measured: ${THREADS} threads each, ${BYTES_PER_MS / 1000} MB/s and ${LATENCY_MS} ms of delay a thread, parts of 64 MiB, each worker dies once a day; a queue that is busy with each job for ${QUEUES.Redis} ms (Redis) or ${QUEUES.PostgreSQL.toFixed(1)} ms (PostgreSQL). 10 TB were simulated, 1 PB is a hundred times as long.\n`,
);
say('| workers | queue | together | of what they could read | 1 TB | 1 PB | parts begun anew |');
say('| --- | --- | --- | --- | --- | --- | --- |');
for (const workers of [10, 100, 1000])
	for (const [name, jobMs] of Object.entries(QUEUES)) {
		const {elapsedMs, restarted} = play(workers, jobMs);
		const bytesPerMs = SIMULATED_BYTES / elapsedMs;
		const share = bytesPerMs / (workers * THREADS * BYTES_PER_MS);
		say(
			`| ${workers} | ${name} | ${(bytesPerMs / 1e6).toFixed(1)} GB/s | ${Math.round(share * 100)} % | ${hours(elapsedMs / 10)} | ${hours(elapsedMs * 100)} | ${restarted} |`,
		);
	}
