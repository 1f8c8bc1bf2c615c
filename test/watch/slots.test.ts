// How many claims are open at a time.
import {expect, test} from 'vitest';
import {Slots} from '../../source/watch/slots.ts';

/** Work of a claim, which the test lets end, or wait for somebody else. */
function openSlots() {
	let freed = 0;
	const slots = new Slots(() => freed++);
	const add = (bytes = 0) => {
		const {promise, resolve: end} = Promise.withResolvers<void>();
		slots.add(promise, bytes);
		const wait = () => {
			const waiting = Promise.withResolvers<void>();
			const returned = slots.aside(() => waiting.promise);
			return {goOn: waiting.resolve, returned};
		};
		return {end, wait};
	};
	return {slots, add, freedCount: () => freed};
}

test('there is room for so many small ones, and for fewer large ones', () => {
	for (const [bytes, most] of [
		[0, 256],
		[16 << 20, 64],
	] as const) {
		const {slots, add} = openSlots();
		for (let count = 0; count < most; count++) {
			expect(slots.hasRoom).toBe(true);
			add(bytes);
		}
		expect(slots.hasRoom).toBe(false);
	}
});

test('one that ends makes room, and so does one that waits, as long as it does', async () => {
	const {slots, add, freedCount} = openSlots();
	const [first, second] = [add(), add()];
	for (let count = 2; count < 256; count++) add();
	let hasRoom = false;
	const untilRoom = slots.untilRoom().then(() => {
		hasRoom = true;
	});
	first.end();
	await untilRoom;
	expect([hasRoom, slots.size, freedCount()]).toEqual([true, 255, 1]);
	add();
	expect(slots.hasRoom).toBe(false);
	const {goOn, returned} = second.wait();
	expect([slots.hasRoom, slots.size, freedCount()]).toEqual([true, 256, 2]);
	goOn();
	await returned;
	expect(slots.hasRoom).toBe(false);
	second.end();
	await slots.untilRoom();
	expect(slots.size).toBe(255);
});

test('not more than some thousand wait', async () => {
	const {slots, add} = openSlots();
	const waiting = Array.from({length: 4096}, () => {
		expect(slots.hasRoom).toBe(true);
		return add().wait();
	});
	expect(slots.hasRoom).toBe(false);
	waiting[0]?.goOn();
	await waiting[0]?.returned;
	expect(slots.hasRoom).toBe(true);
});
