// A file of a run in the simulation, whole or in parts, played as the real one behaves (cut-file.ts); what is decided of its parts is the real
// code.
import {FileParts} from '../../../source/cluster/file-parts.ts';
import type {SimulationOptions} from './simulate.ts';
import type {Asked, SimulatedResult} from './simulated-queue.ts';

interface FileOptions extends Pick<SimulationOptions, 'broken'> {
	readonly file: number;
	/** Of its parts. */
	readonly count: number;
}

interface Around {
	/** @returns The key. */
	readonly submit: (asked: Asked) => string;
	readonly giveUp: (key: string) => void;
	readonly after: (run: () => void) => void;
	/** @param results - `null`: it is tried again. */
	readonly onOver: (results: readonly SimulatedResult[] | null) => void;
}

export class SimulatedFile {
	readonly #options: FileOptions;
	readonly #around: Around;
	readonly #parts: FileParts<'crashed' | 'again'>;
	readonly #keys = new Map<string, number | null>();
	readonly #results: SimulatedResult[] = [];
	#sent = 0;
	#isOver = false;

	constructor(options: FileOptions, around: Around) {
		this.#options = options;
		this.#around = around;
		this.#parts = new FileParts(options.count);
	}

	begin(): void {
		if (this.#options.count === 1) this.#submit(null);
		else while (this.#sent < this.#options.count) this.#submit(this.#sent++);
	}

	giveUp(): void {
		if (this.#isOver) return;
		this.#finish(null);
		for (const key of this.#keys.keys()) this.#around.giveUp(key);
	}

	ended(key: string, type: string, result: SimulatedResult | null): void {
		const part = this.#keys.get(key);
		this.#keys.delete(key);
		if (this.#isOver || part === undefined) return;
		if (part === null) {
			const isResult = result !== null && !result.hasChanged;
			this.#finish(isResult ? [result] : type === 'crashed' ? [] : null);
			return;
		}
		// Taken back, and sent again.
		if (type === 'withdrawn' && this.#parts.wants(part)) {
			this.#keys.set(`again ${part}`, part);
			this.#around.after(() => {
				this.#keys.delete(`again ${part}`);
				if (this.#isOver) return;
				if (this.#parts.wants(part)) this.#submit(part);
				else this.#conclude();
			});
			return;
		}
		const failure = type === 'crashed' ? 'crashed' : 'again';
		const unneeded = this.#parts.ended(
			part,
			result === null || result.hasChanged ? {type: 'failed', failure} : {type: this.#takeIn(result)},
			this.#sent,
		);
		for (const [other, place] of [...this.#keys])
			if (place !== null && unneeded.includes(place) && !other.startsWith('again')) this.#around.giveUp(other);
		this.#conclude();
	}

	#takeIn(result: SimulatedResult): 'read' | 'does-not-fit' {
		const [first] = this.#results;
		if (first !== undefined && first.version !== result.version && this.#options.broken !== 'mixed-states')
			return 'does-not-fit';
		this.#results.push(result);
		return 'read';
	}

	#conclude(): void {
		const isHalf = this.#options.broken === 'half-a-file' && this.#results.length > 0;
		if (this.#isOver || (this.#keys.size > 0 && !isHalf)) return;
		const {end} = this.#parts;
		if (end.type === 'all-read' || isHalf) this.#finish(this.#results);
		else if (end.type === 'read-alone') this.#submit(null);
		else this.#finish(end.type === 'failed' && end.failure === 'crashed' ? [] : null);
	}

	#submit(part: number | null): void {
		this.#keys.set(this.#around.submit({file: this.#options.file, part}), part);
	}

	#finish(results: readonly SimulatedResult[] | null): void {
		this.#isOver = true;
		this.#around.onOver(results);
	}
}
