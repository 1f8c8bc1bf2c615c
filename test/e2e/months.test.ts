// Amounts over time in the real dashboard, and an exit that waits for nothing.
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {beforeEach, expect, test, vi} from 'vitest';
import {CLI_PATH, createFolder} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {Robot, whyNoTerminal} from '../helpers/pty.ts';
import {KEY} from '../helpers/virtual-terminal.ts';

beforeEach(({skip}) => {
	if (whyNoTerminal !== null) skip(whyNoTerminal);
});

const HEADER = 'customer_id,amount,date,category\n';
const yearText =
	HEADER +
	Array.from({length: 2400}, (_, index) => {
		const month = String(1 + (index % 12)).padStart(2, '0');
		return `c${index},${1 + (index % 12)}.50,2024-${month}-07,food\n`;
	}).join('');

async function start(bytes: Uint8Array, args: readonly string[] = []): Promise<Robot> {
	const cwd = createFolder();
	mkdirSync(join(cwd, 'data'));
	writeFileSync(join(cwd, 'data/year.csv'), bytes);
	// High enough for many categories and the chart below them.
	return new Robot(process.execPath, [CLI_PATH, 'data', ...args], {cwd, columns: 100, rows: 160});
}

/** What a process has read in all, including files; `null` once it has ended. */
function bytesReadBy(pid: number): number | null {
	try {
		return Number(/^rchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);
	} catch {
		return null;
	}
}

test('the details of a completed file show its months, and are left at once', async () => {
	const robot = await start(Buffer.from(yearText));
	await robot.waitForScreen('total amount');
	robot.press(KEY.escape);
	await robot.waitForScreen('Esc summary');
	robot.press('g', KEY.enter);
	const screen = await robot.waitForScreen('AMOUNT OVER TIME   highest 2,500.00 in 2024-12');
	expect(screen).toMatch(/2024-01 +2024-12/);
	robot.press('q');
	expect(await robot.exit).toBe(0);
});

test('the details of a held file show its months, though all threads are busy', async () => {
	// A minute after each 100 of its records.
	const robot = await start(Buffer.from(yearText), ['--simulate-io', '60000', '--threads', '1']);
	await robot.waitForScreen('1 running');
	robot.press('p');
	await robot.waitForScreen('paused');
	robot.press(KEY.enter);
	expect(await robot.waitForScreen('AMOUNT OVER TIME   highest 2,500.00 in 2024-12')).toContain('paused');
	robot.press('q', 'y');
	expect(await robot.exit).toBe(130);
});

/** Some hundred megabytes unpacked from 100 blocks, so that reading takes far longer than leaving. */
function largeFile(blockCount = 100): Buffer {
	const block = Buffer.from(
		`${Array.from({length: 40_000}, (_, index) => `c${index},${index}.25,2024-${String(1 + (index % 12)).padStart(2, '0')}-07,${(index * 7919) % 1e6}\n`).join('')}`,
	);
	const packed = gzipSync(block, {level: 1});
	return Buffer.concat([gzipSync(HEADER), ...Array<Buffer>(blockCount).fill(packed)]);
}

test('slow months are shown while they arrive, with the share covered', async () => {
	// Partial months are sent four times a second: the file is long enough for several on a fast machine.
	const robot = await start(largeFile(400), ['--simulate-io', '60000']);
	await robot.waitForScreen('1 running');
	robot.press(KEY.enter);
	const screen = await robot.waitForScreen('AMOUNT OVER TIME   highest');
	expect(screen).toMatch(/2024-01 +2024-12/);
	expect(screen).toContain('running');
	// Recorded by the terminal; a program that polls the screen may miss it on a busy machine.
	expect(robot.written).toMatch(/first[^%]*\d+ %/);
	robot.press('q', 'y');
	expect(await robot.exit).toBe(130);
});

test('leaving while the months are read does not wait for them', async () => {
	const bytes = largeFile();
	const robot = await start(bytes);
	await robot.waitForScreen('total amount');
	robot.press(KEY.escape);
	await robot.waitForScreen('Esc summary');
	robot.press('g', KEY.enter);
	await robot.waitForScreen('TRANSACTIONS');
	const readBefore = bytesReadBy(robot.pid) ?? 0;
	// The file is read again for its months: a part of it has been read when the user leaves. The system reports how much,
	// because a program that polls the screen may be late on a busy machine.
	const read = (): number => (bytesReadBy(robot.pid) ?? 0) - readBefore;
	await vi.waitFor(() => expect(read()).toBeGreaterThan(5_000_000), PATIENT);
	let readAtLast = bytesReadBy(robot.pid) ?? readBefore;
	robot.press('q');
	const watch = setInterval(() => {
		readAtLast = bytesReadBy(robot.pid) ?? readAtLast;
	}, 1);
	expect(await robot.exit).toBe(0);
	clearInterval(watch);
	// If the command had waited for the rest, all of it would have been read.
	expect(readAtLast - readBefore).toBeLessThan(bytes.length * 0.9);
});
