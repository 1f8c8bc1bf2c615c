// A few of what test/load does with thousands.
import {expect, onTestFinished, test} from 'vitest';
import {startTestServer} from '../helpers/server.ts';
import {LoadClient} from '../load/client.ts';
import {compareReaders, openReader, untilAll} from '../load/readers.ts';
import {type Seat, writeSeats} from '../load/seats.ts';
import {runTasks, simulateUsers} from '../load/users.ts';

async function startLoaded(seatCount: number) {
	const server = await startTestServer({maxConcurrentTasks: 4});
	let seats: readonly Seat[] = [];
	server.writeLedger(database => {
		seats = writeSeats(database, seatCount);
	});
	const client = new LoadClient(Number(new URL(server.url).port), 20);
	onTestFinished(() => client.close());
	return {server, seats, client};
}

test('twenty users at once: each gets its own events on all its streams, no task is lost or done twice, results are right', async () => {
	const {server, seats, client} = await startLoaded(20);
	const {faults, taskMs} = await simulateUsers(client, seats, 2);
	expect(faults).toEqual([]);
	expect(taskMs).toHaveLength(20);
	const {json} = await server.ask('GET', '/health');
	expect(json.system).toMatchObject({storage: {datasets_count: 20, results_count: 20}, execution: {active_tasks: 0}});
});

test('forty readers of which half do not read: the others get everything, and these when they go on', async () => {
	const {seats, client} = await startLoaded(4);
	const readers = await Promise.all(
		Array.from({length: 40}, (_, place) => openReader(client, seats[place % 4] as Seat, place % 8 < 4)),
	);
	onTestFinished(() => {
		for (const {close} of readers) close();
	});
	await runTasks(client, seats, 2);
	await untilAll(
		readers.filter(({isStalled}) => !isStalled),
		14,
	);
	expect(readers.filter(({numbers}) => numbers.length === 14)).toHaveLength(20);
	for (const {goOn} of readers) goOn();
	await untilAll(readers, 14);
	expect(compareReaders(readers, 14)).toEqual([]);
});
