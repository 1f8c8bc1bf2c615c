// What is refused before its first byte is sent, and the speed that is shown.
import {expect, test} from 'vitest';
import {findRefusal, type Room, roomAfter} from '../../source/web/uploads/admission.ts';
import {SpeedMeter} from '../../source/web/uploads/speed-meter.ts';

const ROOM: Room = {maxBytes: 1e9, bytesLeft: 5e6, bytesLimit: 1e7, filesLeft: 2, filesLimit: 10};
const reasonOf = (name: string, bytes = 10, room = ROOM, relativePath: string | null = null) =>
	findRefusal({name, bytes, relativePath}, room)?.reason ?? null;

test('a file that the server would refuse is refused with the reason, and others are not', () => {
	expect(reasonOf('sales.csv')).toBeNull();
	for (const name of ['log', 'a.csv.gz', 'a.zip', 'a.tar.zst', 'a.parquet', 'data.json'])
		expect(reasonOf(name)).toBeNull();
	expect(reasonOf('sales.csv', 0)).toMatch(/empty/);
	expect(reasonOf('sales.csv', 2e9)).toMatch(/2\.0 GB.*at most 1\.0 GB/);
	expect(reasonOf('sales.csv', 6e6)).toMatch(/6\.0 MB.*5\.0 MB of your 10\.0 MB/);
	expect(reasonOf('sales.csv', 10, {...ROOM, filesLeft: 0})).toMatch(/10 files/);
	expect(reasonOf('Sales.XLSX')).toMatch(/\.xlsx.*CSV/);
	expect(reasonOf('a.csv', 10, ROOM, 'x/'.repeat(40))).toMatch(/32 folders/);
	expect(findRefusal({name: '.DS_Store', bytes: 6000, relativePath: 'a/.DS_Store'}, ROOM)?.isJunk).toBe(true);
	expect(findRefusal({name: 'a.pdf', bytes: 6000, relativePath: null}, ROOM)?.isJunk).toBe(false);
});

test('each file that is taken leaves less room for the next one', () => {
	const after = roomAfter(ROOM, 3e6);
	expect(reasonOf('b.csv', 3e6, after)).toMatch(/2\.0 MB of your/);
	expect(reasonOf('b.csv', 1e6, after)).toBeNull();
	expect(reasonOf('c.csv', 1e6, roomAfter(after, 1e6))).toMatch(/10 files/);
});

test('the speed is that of the last seconds, and unknown in the beginning and after a pause', () => {
	const meter = new SpeedMeter();
	expect(meter.bytesPerSecond(0)).toBeNull();
	meter.add(1000, 0);
	expect(meter.bytesPerSecond(100)).toBeNull();
	meter.add(1000, 1000);
	expect(meter.bytesPerSecond(2000)).toBe(1000);
	expect(meter.bytesPerSecond(60_000)).toBeNull();
});
