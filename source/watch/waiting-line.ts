// Files of the inbox that wait for their turn. There may be a hundred thousand, so a list is not moved for each that is taken, and a screen that
// shows the first ones does not sort all of them.
import type {InboxFile} from './inspect-inbox.ts';

/** Names, first come, first served. */
export class Line {
	#names: string[] = [];
	#head = 0;

	get length(): number {
		return this.#names.length - this.#head;
	}

	add(name: string): void {
		this.#names.push(name);
	}

	next(): string | undefined {
		const name = this.#names[this.#head];
		if (name === undefined) return undefined;
		this.#head++;
		// Where half of it is behind the head, the rest moves: once for each that is taken, on average.
		if (2 * this.#head >= this.#names.length) {
			this.#names = this.#names.slice(this.#head);
			this.#head = 0;
		}
		return name;
	}
}

/** Nobody reads more. */
export const WAITING_LISTED = 1000;

const inTurn = (one: InboxFile, other: InboxFile): number =>
	one.changedAt - other.changedAt || (one.name < other.name ? -1 : 1);

/** Collects those that were changed first. */
export class FirstInTurn {
	readonly #files: InboxFile[] = [];
	/** Those that were changed later are not among the first. */
	#latest = Number.POSITIVE_INFINITY;

	add(name: string, bytes: number, changedAt: number): void {
		if (changedAt > this.#latest) return;
		this.#files.push({name, bytes, changedAt, modifiedAt: changedAt});
		if (this.#files.length === 2 * WAITING_LISTED) this.#cut();
	}

	files(): readonly InboxFile[] {
		this.#cut();
		return this.#files;
	}

	#cut(): void {
		this.#files.sort(inTurn).splice(WAITING_LISTED);
		if (this.#files.length === WAITING_LISTED) this.#latest = this.#files.at(-1)?.changedAt ?? this.#latest;
	}
}
