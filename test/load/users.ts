// Users that each send a file, have it analyzed, follow what happens, and fetch the result, all at the same time; and what must hold of that.
import type {Event, LoadClient} from './client.ts';
import type {Seat} from './seats.ts';

export interface UsersOutcome {
	/** What was not as it should be. */
	readonly faults: readonly string[];
	/** From the request for a task to its end as the stream tells it. */
	readonly taskMs: readonly number[];
	readonly wallMs: number;
}

const LIFE = ['task-queued', 'run-started', 'file-queued', 'file-started', 'file-completed', 'run-completed'];
const HEADER = 'transaction_id,customer_id,amount,date,category\n';

interface UserFile {
	readonly name: string;
	readonly text: string;
	readonly rows: number;
	readonly cents: number;
}

/** Of one user: no other has as many rows or the same sum. */
export function fileOf(user: number): UserFile {
	const rows = 20 + (user % 180);
	const cents = (row: number): number => 100 + ((user * 7919 + row * 31) % 90_000);
	const numbers = Array.from({length: rows}, (_, row) => row);
	const lines = numbers.map(
		row => `U${user}T${row},C${row % 7},${(cents(row) / 100).toFixed(2)},2024-01-0${1 + (row % 9)},category ${row % 5}`,
	);
	return {
		...{name: `user-${user}-.csv`, text: `${HEADER}${lines.join('\n')}\n`, rows},
		cents: numbers.reduce((sum, row) => sum + cents(row), 0),
	};
}

/** @param streamsOfEach - How many streams each user follows; all get the same. */
export async function simulateUsers(
	client: LoadClient,
	seats: readonly Seat[],
	streamsOfEach = 1,
): Promise<UsersOutcome> {
	const startedAt = performance.now();
	const taskMs: number[] = [];
	const faults = await Promise.all(
		seats.map(async (seat, user) => {
			try {
				return await simulateUser(client, seat, user, {streamsOfEach, onTask: ms => taskMs.push(ms)});
			} catch (error) {
				return [`user ${user}: ${error instanceof Error ? error.message : error}`];
			}
		}),
	);
	return {faults: faults.flat(), taskMs, wallMs: performance.now() - startedAt};
}

/** Each of them one after the other, all side by side. Resolves when they are accepted. */
export async function runTasks(client: LoadClient, seats: readonly Seat[], tasksOfEach: number): Promise<void> {
	await Promise.all(
		seats.map(async ({token}, user) => {
			for (let task = 0; task < tasksOfEach; task++)
				await start(client, token, await upload(client, token, fileOf(user)));
		}),
	);
}

async function simulateUser(
	client: LoadClient,
	{token}: Seat,
	user: number,
	{streamsOfEach, onTask}: {readonly streamsOfEach: number; readonly onTask: (ms: number) => void},
): Promise<readonly string[]> {
	const file = fileOf(user);
	const streams = await Promise.all(Array.from({length: streamsOfEach}, () => followUser(client, token)));
	try {
		const fileId = await upload(client, token, file);
		const askedAt = performance.now();
		const task = await start(client, token, fileId);
		await Promise.all(streams.map(({untilEnded}) => untilEnded));
		onTask(performance.now() - askedAt);
		const result = await client.ask('GET', `/api/results/${task}`, {token});
		const list = await client.ask('GET', '/api/run', {token});
		return [
			...streams.flatMap(({events}) => faultsOfStream(events, task, file.name)),
			...faultsOfResult(result.body, file),
			...faultsOfList(list.body, task),
		].map(fault => `user ${user}: ${fault}`);
	} finally {
		for (const {close} of streams) close();
	}
}

async function followUser(client: LoadClient, token: string) {
	const events: Event[] = [];
	const ended = Promise.withResolvers<void>();
	const {begun, close} = client.follow(
		'/api/events',
		{token},
		event => {
			events.push(event);
			if (event.data.type === 'run-completed') ended.resolve();
		},
		() => ended.reject(new Error('its stream ended')),
	);
	ended.promise.catch(() => {});
	await begun;
	return {events, untilEnded: ended.promise, close};
}

async function upload(client: LoadClient, token: string, {name, text}: UserFile): Promise<string> {
	const body = `--q\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n${text}\r\n--q--\r\n`;
	const headers = {'content-type': 'multipart/form-data; boundary=q'};
	const {status, body: answer} = await client.ask('POST', '/upload', {token, headers, body});
	if (status !== 201) throw new Error(`its upload was answered ${status}: ${answer}`);
	return String((JSON.parse(String(answer)) as {files: {file_id: string}[]}).files[0]?.file_id);
}

async function start(client: LoadClient, token: string, file_id: string): Promise<string> {
	const headers = {'content-type': 'application/json'};
	const body = JSON.stringify({file_id, analyses: ['transactions']});
	const {status, body: answer} = await client.ask('POST', '/api/run', {token, headers, body});
	if (status !== 202) throw new Error(`its task was answered ${status}: ${answer}`);
	return String((JSON.parse(String(answer)) as {task_execution_id: string}).task_execution_id);
}

/** Nothing of others, nothing twice, nothing left out, in order. */
function faultsOfStream(events: readonly Event[], task: string, file: string): readonly string[] {
	const faults: string[] = [];
	const kept = events.filter(({id}) => id !== null);
	const types = kept.map(({data}) => data.type);
	const expected = ['upload-completed', ...LIFE];
	if (types.join() !== expected.join()) faults.push(`expected the events ${expected}, found ${types}`);
	const numbers = kept.map(({number}) => Number(number));
	if (numbers.some((number, place) => place > 0 && number <= Number(numbers[place - 1])))
		faults.push(`events are not in order: ${numbers}`);
	for (const {data} of events) {
		const {runId = task, taskExecutionId = task, file: name = file} = data;
		if (runId !== task || taskExecutionId !== task || name !== file)
			faults.push(`found an event of another one: ${JSON.stringify(data)}`);
	}
	return faults;
}

function faultsOfResult(body: Buffer, {rows, cents}: UserFile): readonly string[] {
	const {result} = JSON.parse(String(body)) as {
		result?: {total_transactions: number; total_amount_exact: string};
	};
	const [found, expected] = [
		[result?.total_transactions, result?.total_amount_exact],
		[rows, (cents / 100).toFixed(2)],
	];
	return found.join() === expected.join() ? [] : [`expected ${expected}, found ${found}`];
}

function faultsOfList(body: Buffer, task: string): readonly string[] {
	const {tasks} = JSON.parse(String(body)) as {tasks: {task_execution_id: string; status: string; attempts: number}[]};
	const found = tasks.map(({task_execution_id: id, status, attempts}) => `${id} ${status} ${attempts}`).join();
	const expected = `${task} COMPLETED 1`;
	return found === expected ? [] : [`expected the tasks ${expected}, found ${found}`];
}
