// Power cuts, many times, while a folder is watched: it lies on a file system of its own, in a file, which is shut down at a random moment, so that
// nothing that has not been flushed is there when it is mounted again. By hand, as root, on Linux with ext4 and Python:
//
//   node test/kills/watch-cuts.ts --cuts 50 --seed 7
//   node test/kills/watch-cuts.ts --cuts 20 --cli other/dist/cli.js      another build, such as one without flushes, must be caught
import {execFileSync} from 'node:child_process';
import {
	closeSync,
	fsyncSync,
	mkdirSync,
	mkdtempSync,
	openSync,
	renameSync,
	rmSync,
	writeFileSync,
	writeSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {parseArgs} from 'node:util';
import {CLI_PATH} from '../helpers/command.ts';
import {Dice} from '../helpers/large-tables.ts';
import {startWatching} from '../helpers/watch-kills.ts';
import {accountFor, type Drop} from '../helpers/watched-account.ts';
import {DropMaker} from '../helpers/watched-drops.ts';

const {values} = parseArgs({
	options: {
		cuts: {type: 'string', default: '50'},
		seed: {type: 'string', default: String(Date.now() % 1_000_000)},
		cli: {type: 'string', default: CLI_PATH},
	},
});
const cuts = Number(values.cuts);
const cli = resolve(values.cli);
const dice = new Dice(Number(values.seed));
const folder = mkdtempSync(join(tmpdir(), 'fileproc-tui-cuts-'));
const [image, mounted] = [join(folder, 'image'), join(folder, 'mounted')];
const root = join(mounted, 'watched');
const inbox = Buffer.from(`${root}/unprocessed/`);
const maker = new DropMaker(root, dice);

function say(text: string): void {
	process.stdout.write(`${text}\n`);
}

const mount = (): void => void execFileSync('mount', ['-o', 'loop', image, mounted]);
const unmount = (): void => void execFileSync('umount', [mounted]);

/** EXT4_IOC_SHUTDOWN, without flushing its log: from now on nothing reaches the disk. */
const SHUTDOWN = `import fcntl, os, struct, sys
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack('I', 2))`;

function flush(path: string | Buffer): void {
	const descriptor = openSync(path, 'r');
	fsyncSync(descriptor);
	closeSync(descriptor);
}

/** It is on the disk before it is dropped. */
function dropDurably({name, body}: Drop): void {
	const own = join(mounted, 'own');
	const descriptor = openSync(own, 'w');
	writeSync(descriptor, body);
	fsyncSync(descriptor);
	closeSync(descriptor);
	renameSync(own, Buffer.concat([inbox, name]));
	flush(inbox);
	flush(mounted);
}

execFileSync('truncate', ['-s', '300M', image]);
execFileSync('mkfs.ext4', ['-q', image]);
mkdirSync(mounted);
mount();
mkdirSync(join(root, 'unprocessed'), {recursive: true});
flush(mounted);
flush(root);
say(`${cuts} power cuts, seed ${values.seed}, in ${folder}`);
const startedMs = performance.now();
for (let cut = 1; cut <= cuts; cut++) {
	let told = 0;
	const onLine = (line: string): void => {
		if (/^\{"type":"file-(?:completed|failed|skipped)"/.test(line)) told++;
	};
	const watching = startWatching(root, {flags: ['--jsonl'], onLine, cli});
	const kind = dice.roll(3);
	if (kind === 0) await wait(100 + dice.roll(700));
	if (kind === 1) {
		// Nobody has flushed these files, and yet what is told of them must be so: those of earlier rounds are worked off first.
		for (let before = -1; before !== told || told === 0; await wait(700)) {
			before = told;
			if (told === 0) dropDurably(maker.next());
		}
		const before = told;
		const count = 1 + dice.roll(8);
		for (let number = 0; number < count; number++) {
			const {name, body} = maker.next();
			writeFileSync(Buffer.concat([inbox, name]), body);
		}
		for (let tries = 0; told < before + count; tries++) {
			if (tries > 6000 || watching.isOver()) throw new Error(`Nothing is told of the files: ${watching.isOver()}`);
			await wait(5);
		}
	}
	if (kind === 2 || dice.isOneIn(2)) {
		for (let number = dice.roll(12); number > 0; number--) {
			dropDurably(maker.next());
			if (dice.isOneIn(2)) await wait(dice.roll(200));
		}
		await wait(dice.roll(1200));
	}
	if (watching.isOver()) throw new Error(`The process has ended by itself: ${JSON.stringify(await watching.ended)}`);
	execFileSync('python3', ['-c', SHUTDOWN, mounted]);
	watching.kill();
	await watching.ended;
	unmount();
	mount();
	if (cut % 10 === 0) say(`${cut} cuts`);
}
const {code, stderr} = await startWatching(root, {flags: ['--once'], cli}).ended;
/** 4: what was left for it were duplicates alone. */
const isWell = code === 0 || code === 1 || code === 4;
const {faults, crashLoops} = accountFor(root, maker.drops);
const seconds = Math.round((performance.now() - startedMs) / 1000);
if (!isWell) say(`The last one has ended with ${code}: ${stderr}`);
say(
	`${maker.drops.length} files dropped, ${crashLoops.length} given up as CRASH_LOOP, ${faults.length} faults, ${seconds} s`,
);
for (const fault of faults.slice(0, 30)) say(`  ${fault}`);
unmount();
if (faults.length > 0 || !isWell) process.exitCode = 1;
else rmSync(folder, {recursive: true, force: true});
