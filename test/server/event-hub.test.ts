// What listeners get, who reads as fast as it comes, slowly, or not at all.
import {expect, onTestFinished, test, vi} from 'vitest';
import {ServerLedger} from '../../source/ledger/server-ledger.ts';
import {EventHub, type Listener, type Page} from '../../source/server/event-hub.ts';
import {readEventId} from '../../source/server/event-id.ts';
import {PATIENT} from '../helpers/patient.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

async function openHub() {
	const ledger = await ServerLedger.open(createTemporaryFolder().at('ledger.db'));
	const hub = await EventHub.open(ledger);
	onTestFinished(() => {
		hub.endAll();
		return ledger.close();
	});
	const listen = ({account = 'ann', task = null as string | null, after = 0, takes = true} = {}) => {
		const pages: Page[] = [];
		const untaken: (() => void)[] = [];
		const listener: Listener = {
			transport: 'sse',
			...{account, task, after, opening: [][Symbol.iterator](), token: null, isSending: false},
			send(page, onTaken) {
				pages.push(page);
				if (takes) setImmediate(onTaken);
				else untaken.push(onTaken);
			},
			bufferedBytes: () => (untaken.length === 0 ? 0 : 10_000),
			end: vi.fn(() => hub.remove(listener)),
		};
		hub.add(listener);
		const numbers = () => pages.flat().flatMap(({number}) => number ?? []);
		return {listener, pages, numbers, take: () => untaken.shift()?.()};
	};
	const write = (count: number, account = 'ann', line = '{}', task: string | null = null) =>
		ledger.commit(
			...Array.from({length: count}, () => ({statement: 'addEvent', values: [account, task, line]}) as const),
		);
	return {ledger, hub, listen, write};
}

const NONE = {epoch: null, number: Number.NaN};

const upTo = (count: number): readonly number[] => Array.from({length: count}, (_, index) => index + 1);

test('who does not read has one page waiting, however much happens, and gets the rest when it does', async () => {
	const {hub, listen, write} = await openHub();
	const [stalled, other] = [listen({takes: false}), listen()];
	for (let round = 0; round < 10; round++) await write(100, 'ann', JSON.stringify({text: 'x'.repeat(1000)}));
	for (let progress = 0; progress < 100; progress++) hub.tell('ann', 't', '{}');
	await vi.waitFor(() => expect(other.numbers()).toEqual(upTo(1000)), PATIENT);
	expect(stalled.pages).toHaveLength(1);
	expect(stalled.pages[0]?.reduce((sum, {line}) => sum + line.length, 0)).toBeLessThan(20_000);
	await vi.waitFor(() => {
		stalled.take();
		expect(stalled.numbers()).toEqual(upTo(1000));
	}, PATIENT);
});

test('a page is read once for all who are at the same place', async () => {
	const {ledger, listen, write} = await openHub();
	const listeners = Array.from({length: 50}, () => listen());
	await write(1);
	await vi.waitFor(() => expect(listeners.every(({pages}) => pages.length === 1)).toBe(true), PATIENT);
	const read = vi.spyOn(ledger, 'all');
	await write(1);
	await vi.waitFor(() => expect(listeners.every(({pages}) => pages.length === 2)).toBe(true), PATIENT);
	expect(new Set(listeners.map(({pages}) => pages[1])).size).toBe(1);
	expect(read.mock.calls.length).toBeLessThan(10);
});

test('a log that many read from its beginning, each at a time of its own, is read once; what is added to it comes behind', async () => {
	const {ledger, hub, listen, write} = await openHub();
	await write(1000, 'ann', JSON.stringify({text: 'x'.repeat(1000)}));
	const first = listen();
	await vi.waitFor(() => expect(first.numbers()).toEqual(upTo(1000)), PATIENT);
	const read = vi.spyOn(ledger, 'all');
	for (let reader = 1; reader <= 20; reader++) {
		await write(1);
		const later = listen();
		await vi.waitFor(() => expect(later.numbers()).toEqual(upTo(1000 + reader)), PATIENT);
		expect(later.pages[0]).toBe(first.pages[0]);
	}
	// The last page is not full, and there is an empty one behind it: for all who listen by then.
	expect(read.mock.calls.length).toBeLessThan(20 * 10);
	await ledger.commit({statement: 'removeEvents', values: [10]});
	const late = listen({after: 1010});
	await vi.waitFor(() => expect(late.numbers()).toEqual(upTo(1020).slice(1010)), PATIENT);
	// Nor do those who begin at the beginning get from the kept pages what is gone.
	hub.forget();
	const anew = listen();
	await vi.waitFor(() => expect(anew.numbers()).toEqual(upTo(1020).slice(1010)), PATIENT);
});

test('only those are looked at who may have something new, and what others had is not missed', async () => {
	const {ledger, hub, listen, write} = await openHub();
	const idle = Array.from({length: 50}, (_, place) => listen({account: `other-${place}`}));
	const busy = listen({takes: false});
	await write(1);
	await vi.waitFor(() => expect(busy.pages).toHaveLength(1), PATIENT);
	const read = vi.spyOn(ledger, 'all');
	await write(200);
	expect(read.mock.calls.length).toBe(0);
	await ledger.commit({statement: 'removeEvents', values: [10]});
	hub.forget();
	const has = (number: number): boolean => hub.placeOf(readEventId(hub.idOf(number)) ?? NONE) !== null;
	for (const {listener} of idle) {
		expect(listener.end).not.toHaveBeenCalled();
		expect(has(listener.after)).toBe(true);
	}
	expect(busy.listener.end).toHaveBeenCalledExactlyOnceWith('forgotten');
	// Nothing is left of all that there was: the place is still known.
	await ledger.commit({statement: 'removeEvents', values: [0]});
	hub.forget();
	const place = hub.newest();
	expect([has(place), has(place - 1), has(place + 1)]).toEqual([true, false, false]);
	await write(1, 'other-7');
	await vi.waitFor(() => expect(idle[7]?.numbers()).toEqual([place + 1]), PATIENT);
});

test('thousands of listeners leave turns to others', async () => {
	const {listen, write} = await openHub();
	const listeners = Array.from({length: 2000}, () => listen());
	let turns = 0;
	const count = () => {
		turns++;
		if (!isDone) setImmediate(count);
	};
	let isDone = false;
	await write(1);
	count();
	await vi.waitFor(() => expect(listeners.every(({pages}) => pages.length === 1)).toBe(true), PATIENT);
	isDone = true;
	expect(turns).toBeGreaterThan(20);
});
