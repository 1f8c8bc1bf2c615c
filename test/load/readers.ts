// Thousands of readers of streams, of which half do not read: what they cost, whether the others get everything in time, and whether those who stalled
// get all of it in the end.
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {openToWrite} from '../../source/ledger/open-database.ts';
import {type Event, type Followed, LoadClient} from './client.ts';
import {describe, startProbe, summarize} from './latencies.ts';
import type {Seat} from './seats.ts';
import {makeDataFolder, ServedProcess} from './served-process.ts';
import {runTasks} from './users.ts';

const READERS_OF_ACCOUNT = 100;
const TASKS_OF_ACCOUNT = 4;
/** The kernel keeps 4 MB for a connection; what is beyond that would be in the server's memory. */
const [DEEP_READERS, DEEP_EVENTS, DEEP_BYTES] = [20, 8000, 1000];
const OPENED_AT_ONCE = 200;

export interface Reader extends Followed {
	readonly seat: Seat;
	readonly isStalled: boolean;
	readonly numbers: number[];
	/** From the time that an event has to when it came. */
	readonly delaysMs: number[];
}

/** @param isStalled - Reads nothing from its beginning on. */
export async function openReader(client: LoadClient, seat: Seat, isStalled: boolean, after?: string): Promise<Reader> {
	const [numbers, delaysMs]: [number[], number[]] = [[], []];
	const onEvent = ({number, data}: Event): void => {
		if (number === null) return;
		numbers.push(number);
		if (typeof data.at === 'string') delaysMs.push(Date.now() - Date.parse(data.at));
	};
	const followed = client.follow('/api/events', {token: seat.token, ...(after !== undefined && {after})}, onEvent);
	await followed.begun;
	if (isStalled) followed.stall();
	return {...followed, seat, isStalled, numbers, delaysMs};
}

/** What all readers of an account must have got. @returns Faults. */
export function compareReaders(readers: readonly Reader[], expectedCount: number): readonly string[] {
	return readers.flatMap(({numbers, isStalled}, place) => {
		const isInOrder = numbers.every((number, index) => index === 0 || number > Number(numbers[index - 1]));
		if (isInOrder && numbers.length === expectedCount) return [];
		const kind = isStalled ? 'stalled' : 'live';
		return [`reader ${place} (${kind}): expected ${expectedCount} events in order, found ${numbers.length}`];
	});
}

export async function loadReaders(
	count: number,
	limits: readonly string[],
	print: (line: string) => void,
): Promise<readonly string[]> {
	const accounts = Math.ceil(count / READERS_OF_ACCOUNT);
	const {dataFolder, seats} = makeDataFolder(accounts + 2);
	const [deepSeat, firstSeat, ...others] = seats;
	if (deepSeat === undefined || firstSeat === undefined) throw new Error('Expected seats');
	writeLog(dataFolder, deepSeat);
	const server = await ServedProcess.start(dataFolder, limits);
	const client = new LoadClient(server.port, 64);
	// Its threads are started, and its code is compiled.
	await runTasks(client, Array(20).fill(firstSeat), 1);
	await untilIdle(client);
	const empty = server.usage();

	const readers: Reader[] = [];
	for (let place = 0; place < count; place += OPENED_AT_ONCE) {
		const opened = Array.from({length: Math.min(OPENED_AT_ONCE, count - place)}, (_, index) => {
			const seat = others[(place + index) % others.length] as Seat;
			return openReader(client, seat, (place + index) % (2 * others.length) >= others.length);
		});
		readers.push(...(await Promise.all(opened)));
	}
	await wait(500);
	const opened = server.usage();
	print(`${count} readers, half of them stalled:`);
	print(
		`  RSS ${empty.rssMb} → ${opened.rssMb} MB, ${Math.round(((opened.rssMb - empty.rssMb) * 1024) / count)} kB a reader`,
	);

	const deep = await Promise.all(Array.from({length: DEEP_READERS}, () => openReader(client, deepSeat, true, '0')));
	await wait(3000);
	const filled = server.usage();
	print(
		`  ${DEEP_READERS} more that stall before ${(DEEP_EVENTS * DEEP_BYTES) / 1e6} MB each: RSS ${filled.rssMb} MB, ${Math.round(((filled.rssMb - opened.rssMb) * 1024) / DEEP_READERS)} kB a reader`,
	);

	const endProbe = await startProbe(server.port);
	const startedAt = performance.now();
	await runTasks(client, others, TASKS_OF_ACCOUNT);
	const eventCount = TASKS_OF_ACCOUNT * 7;
	const live = readers.filter(({isStalled}) => !isStalled);
	await untilAll(live, eventCount);
	const wallMs = performance.now() - startedAt;
	const {health, bare} = await endProbe();
	const after = server.usage();
	const delays = summarize(live.flatMap(({delaysMs}) => delaysMs));
	print(
		`  ${others.length * TASKS_OF_ACCOUNT} tasks in ${(wallMs / 1000).toFixed(1)} s, RSS at most ${after.peakRssMb} MB`,
	);
	const deliveries = eventCount * count;
	print(`  events came after ${describe(delays)}`);
	print(`  ${(((after.cpuMs - filled.cpuMs) * 1000) / deliveries).toFixed(0)} µs CPU of the server for each delivery`);
	print(`  /health ${describe(health)}; a bare server ${describe(bare)}`);

	for (const {goOn} of [...readers, ...deep]) goOn();
	await untilAll(readers, eventCount);
	await untilAll(deep, DEEP_EVENTS);
	const last = server.usage();
	print(`  those that stalled go on, and have had everything: RSS ${last.rssMb} MB, at most ${last.peakRssMb} MB`);
	const faults = [...compareReaders(readers, eventCount), ...compareReaders(deep, DEEP_EVENTS)];
	for (const {close} of [...readers, ...deep]) close();
	client.close();
	await server.stop();
	return faults;
}

async function untilIdle(client: LoadClient): Promise<void> {
	for (;;) {
		const {body} = await client.ask('GET', '/api/run/status');
		const {active_tasks: active, queued_tasks: queued} = JSON.parse(String(body)) as Readonly<Record<string, number>>;
		if (active === 0 && queued === 0) return;
		await wait(50);
	}
}

/** Resolves when they have so many events, or nothing has come for long. */
export async function untilAll(readers: readonly Reader[], count: number, patienceMs = 60_000): Promise<void> {
	let [last, changedAt] = [-1, performance.now()];
	for (;;) {
		const sum = readers.reduce((total, {numbers}) => total + Math.min(count, numbers.length), 0);
		if (sum === readers.length * count) return;
		if (sum !== last) [last, changedAt] = [sum, performance.now()];
		if (performance.now() - changedAt > patienceMs) return;
		await wait(20);
	}
}

function writeLog(dataFolder: string, {id}: Seat): void {
	const database = openToWrite(join(dataFolder, 'ledger.db'));
	const insert = database.prepare('INSERT INTO server_events (account, task, line) VALUES (?, NULL, ?)');
	const line = JSON.stringify({type: 'upload-completed', file: 'x'.repeat(DEEP_BYTES)});
	database.exec('BEGIN');
	for (let event = 0; event < DEEP_EVENTS; event++) insert.run(id, line);
	database.exec('COMMIT');
	database.close();
}
