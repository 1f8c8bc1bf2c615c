// How far files are on their way to a server, in one line on standard error: over itself on a terminal, else a line every two seconds.
import {formatBytes, formatDuration, formatRate} from '../../../text/format.ts';
import {truncateEnd} from '../../../text/width.ts';
import type {RunSettings} from '../../arguments/settings.ts';
import type {ServerJob} from './server-job.ts';

/** Whoever is done before this sees nothing of it. */
const FIRST_MS = 1000;
const TERMINAL_SPACING_MS = 500;
const LINE_SPACING_MS = 2000;
/** Moves to the beginning of the line and erases it. */
const ERASE_LINE = '\r\u{1b}[K';

export class SendingProgress {
	/** What is sent of each file. */
	readonly #sent = new Map<ServerJob, number>();
	readonly #bytesTotal: number;
	readonly #startedAt = performance.now();
	#timer: NodeJS.Timeout | undefined;
	#isShown = false;

	constructor(jobs: readonly ServerJob[], {output, progress}: Pick<RunSettings, 'output' | 'progress'>) {
		this.#bytesTotal = jobs.reduce((sum, job) => sum + ('send' in job ? (job.bytesTotal ?? 0) : 0), 0);
		const {stderr} = process;
		const isForPeople = output !== 'json' && output !== 'jsonl';
		const isTerminal = stderr.isTTY === true && process.env.TERM !== 'dumb';
		if (progress === 'never' || (progress === 'auto' && !isForPeople && !isTerminal)) return;
		this.#timer = setInterval(() => this.#print(isTerminal), isTerminal ? TERMINAL_SPACING_MS : LINE_SPACING_MS);
		this.#timer.unref();
	}

	tell(job: ServerJob, bytesSent: number): void {
		this.#sent.set(job, bytesSent);
	}

	/** Removes the line for good. */
	close(): void {
		clearInterval(this.#timer);
		if (this.#isShown) process.stderr.write(ERASE_LINE);
		this.#isShown = false;
	}

	#print(isTerminal: boolean): void {
		const elapsedMs = performance.now() - this.#startedAt;
		let bytesSent = 0;
		for (const bytes of this.#sent.values()) bytesSent += bytes;
		if (elapsedMs < FIRST_MS || bytesSent === 0) return;
		if (bytesSent >= this.#bytesTotal) {
			this.close();
			return;
		}
		const bytesPerMs = bytesSent / elapsedMs;
		const percent = Math.floor((bytesSent / this.#bytesTotal) * 100);
		const remaining = formatDuration((this.#bytesTotal - bytesSent) / bytesPerMs);
		const line = `Sent ${formatBytes(bytesSent)} of ${formatBytes(this.#bytesTotal)} (${percent}%), ETA ${remaining}, ${formatRate(bytesPerMs * 1000)}`;
		if (!isTerminal) process.stderr.write(`${line}\n`);
		else process.stderr.write(ERASE_LINE + truncateEnd(line, (process.stderr.columns || 80) - 1, {ascii: true}));
		this.#isShown = isTerminal;
	}
}
