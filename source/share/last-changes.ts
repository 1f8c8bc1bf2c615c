// Which files have changed since when: a list of all files in the order of their last changes. Each change moves its file to the end, so a reader
// of it is one number, and one that comes seldom finds each file once, as it is now.

const NONE = -1;
const FIRST_CAPACITY = 256;

export class LastChanges {
	/** The files beside each one in the list. */
	#before = new Int32Array(FIRST_CAPACITY).fill(NONE);
	#behind = new Int32Array(FIRST_CAPACITY).fill(NONE);
	/** When each file changed last, as a count of all changes; 0: never. */
	#changedAt = new Float64Array(FIRST_CAPACITY);
	#first = NONE;
	#last = NONE;
	#now = 0;

	/** The number of changes so far. */
	get now(): number {
		return this.#now;
	}

	/** The number of changes when this file changed last; 0 where it never did. */
	changedAt(index: number): number {
		return this.#changedAt[index] ?? 0;
	}

	/** @param index - Of the file: a small integer from 0 on. */
	record(index: number): void {
		this.#makeRoom(index);
		if (this.changedAt(index) > 0) this.#takeOut(index);
		this.#before[index] = this.#last;
		this.#behind[index] = NONE;
		if (this.#last === NONE) this.#first = index;
		else this.#behind[this.#last] = index;
		this.#last = index;
		this.#changedAt[index] = ++this.#now;
	}

	/** The files that have changed after so many changes, the longest unchanged one first. None may be recorded meanwhile. */
	*since(place: number): Generator<number, void, undefined> {
		for (let index = this.#firstAfter(place); index !== NONE; index = this.#behind[index] ?? NONE) yield index;
	}

	#firstAfter(place: number): number {
		if (place <= 0) return this.#first;
		let found = NONE;
		for (let index = this.#last; index !== NONE && this.changedAt(index) > place; index = this.#before[index] ?? NONE)
			found = index;
		return found;
	}

	#takeOut(index: number): void {
		const [before, behind] = [this.#before[index] ?? NONE, this.#behind[index] ?? NONE];
		if (before === NONE) this.#first = behind;
		else this.#behind[before] = behind;
		if (behind === NONE) this.#last = before;
		else this.#before[behind] = before;
	}

	#makeRoom(index: number): void {
		const capacity = this.#changedAt.length;
		if (index < capacity) return;
		const next = Math.max(index + 1, capacity * 2);
		const [before, behind, changedAt] = [this.#before, this.#behind, this.#changedAt];
		this.#before = new Int32Array(next).fill(NONE);
		this.#behind = new Int32Array(next).fill(NONE);
		this.#changedAt = new Float64Array(next);
		this.#before.set(before);
		this.#behind.set(behind);
		this.#changedAt.set(changedAt);
	}
}
