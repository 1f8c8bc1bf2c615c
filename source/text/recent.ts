/** What was made for texts that were asked for lately: at least for the last `half` of them, at most for twice as many. */
export class Recent<Value> {
	readonly #half: number;
	#younger = new Map<string, Value>();
	#older: ReadonlyMap<string, Value> = new Map();

	constructor(half: number) {
		this.#half = half;
	}

	get(text: string, make: () => Value): Value {
		const known = this.#younger.get(text);
		if (known !== undefined) return known;
		const value = this.#older.get(text) ?? make();
		if (this.#younger.size >= this.#half) {
			this.#older = this.#younger;
			this.#younger = new Map();
		}
		this.#younger.set(text, value);
		return value;
	}
}

/** The same function, which does not make again what it made of a text lately. */
export function remembering<Value>(make: (text: string) => Value, half: number): (text: string) => Value {
	const recent = new Recent<Value>(half);
	return text => recent.get(text, () => make(text));
}
