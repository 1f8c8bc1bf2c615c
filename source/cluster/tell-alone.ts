// Says once that no worker is there for files that wait, and once that one is: silence would look like work.
import {monotonicMs} from '../engine/shared/monotonic.ts';
import type {WorkerView} from './heard.ts';
import {FORMAT} from './messages.ts';

export class AloneTeller {
	readonly #patienceMs: number;
	readonly #onMessage: (sentence: string) => void;
	#aloneSinceMs: number | null = null;
	#hasSaid = false;

	/** @param patienceMs - So long nobody is told. */
	constructor(patienceMs: number, onMessage: (sentence: string) => void) {
		this.#patienceMs = patienceMs;
		this.#onMessage = onMessage;
	}

	/** To be told again and again. */
	look(here: readonly WorkerView[], openCount: number): void {
		const now = monotonicMs();
		const fitting = here.filter(({fits}) => fits);
		if (fitting.length > 0 || openCount === 0) {
			if (this.#hasSaid && fitting.length > 0)
				this.#onMessage(`${fitting.length === 1 ? 'A worker is' : `${fitting.length} workers are`} there now`);
			this.#aloneSinceMs = null;
			if (fitting.length > 0) this.#hasSaid = false;
			return;
		}
		this.#aloneSinceMs ??= now;
		if (this.#hasSaid || now - this.#aloneSinceMs < this.#patienceMs) return;
		this.#hasSaid = true;
		const versions = [...new Set(here.map(({version}) => version))].join(', ');
		this.#onMessage(
			here.length === 0
				? 'No worker is at the queue, so the files wait. Start one: fileproc-tui worker --queue …'
				: `The workers at the queue are of version ${versions}, and this is ${FORMAT.replace(/-\d+$/, '')}: they take no files of it. Start workers of the same version`,
		);
	}
}
