// The built server in a process of its own, and what it takes of the machine.
import {type ChildProcess, spawn} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {openToWrite} from '../../source/ledger/open-database.ts';
import {type Seat, writeSeats} from './seats.ts';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
/** Of the clock in /proc/<pid>/stat. */
const TICK_MS = 10;

export interface Usage {
	readonly rssMb: number;
	/** Since it was started. */
	readonly peakRssMb: number;
	readonly cpuMs: number;
}

export class ServedProcess {
	readonly port: number;
	readonly dataFolder: string;
	readonly startMs: number;
	readonly #child: ChildProcess;

	private constructor(child: ChildProcess, port: number, dataFolder: string, startMs: number) {
		this.#child = child;
		this.port = port;
		this.dataFolder = dataFolder;
		this.startMs = startMs;
	}

	static async start(dataFolder: string, more: readonly string[] = []): Promise<ServedProcess> {
		const startedAt = performance.now();
		const args = [CLI, 'serve', '--listen', '127.0.0.1:0', '--rate-limit', '0', '--data', dataFolder, ...more];
		const child = spawn(process.execPath, args, {stdio: ['ignore', 'ignore', 'pipe']});
		let said = '';
		const port = await new Promise<number>((resolve, reject) => {
			child.stderr?.setEncoding('utf8').on('data', text => {
				said += text;
				const found = /serving on http:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1];
				if (found !== undefined) resolve(Number(found));
			});
			child.once('exit', code => reject(new Error(`The server ended with ${code}: ${said}`)));
		});
		return new ServedProcess(child, port, dataFolder, performance.now() - startedAt);
	}

	get pid(): number {
		return Number(this.#child.pid);
	}

	usage(): Usage {
		const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
		const megabytes = (name: string): number =>
			Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024);
		const fields = readFileSync(`/proc/${this.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
		const cpuMs = (Number(fields[11]) + Number(fields[12])) * TICK_MS;
		return {rssMb: megabytes('VmRSS'), peakRssMb: megabytes('VmHWM'), cpuMs};
	}

	async stop(): Promise<void> {
		const ended = new Promise(resolve => this.#child.once('exit', resolve));
		this.#child.kill('SIGTERM');
		await ended;
	}
}

export function makeDataFolder(seatCount: number): {readonly dataFolder: string; readonly seats: readonly Seat[]} {
	const dataFolder = mkdtempSync(join(tmpdir(), 'fileproc-load-'));
	process.on('exit', () => rmSync(dataFolder, {recursive: true, force: true}));
	mkdirSync(dataFolder, {recursive: true});
	const database = openToWrite(join(dataFolder, 'ledger.db'));
	const seats = writeSeats(database, seatCount);
	database.close();
	return {dataFolder, seats};
}
