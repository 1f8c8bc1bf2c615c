// Events arrive at any rate; subscribers see a new immutable snapshot at most once a frame.
import type {RunState} from './state.ts';

export interface Store<State, Event> {
	/** Queues an event; the snapshot follows with the next frame. */
	readonly dispatch: (event: Event) => void;
	/** Publishes pending events now: before the final summary and before exit, so that the last event is never lost. */
	readonly flush: () => void;
	readonly getSnapshot: () => State;
	readonly subscribe: (listener: () => void) => () => void;
}

/** What a screen needs of a store. */
export type ShownStore<State = RunState> = Pick<Store<State, never>, 'getSnapshot' | 'subscribe'>;

export interface StoreOptions<State, Event> {
	readonly initialState: State;
	readonly reduce: (state: State, events: readonly Event[]) => State;
	/**
	Runs the given function once, a frame later. It is called after the first event of a frame, so the last event before
	a quiet period always reaches the screen.
	*/
	readonly scheduleFrame: (publish: () => void) => void;
}

/** Past this many, pending events are reduced before the frame, so that the garbage collector does not promote them. */
const PENDING_LIMIT = 1000;

export function createStore<State, Event>(options: StoreOptions<State, Event>): Store<State, Event> {
	const {reduce, scheduleFrame} = options;
	const listeners = new Set<() => void>();
	let published = options.initialState;
	let current = options.initialState;
	let pending: Event[] = [];
	let isFrameScheduled = false;

	const absorb = (): void => {
		const events = pending;
		pending = [];
		current = reduce(current, events);
	};
	const publish = (): void => {
		isFrameScheduled = false;
		absorb();
		if (Object.is(current, published)) return;
		published = current;
		for (const listener of listeners) listener();
	};
	return {
		dispatch(event) {
			pending.push(event);
			if (pending.length >= PENDING_LIMIT) absorb();
			if (isFrameScheduled) return;
			isFrameScheduled = true;
			scheduleFrame(publish);
		},
		flush: publish,
		getSnapshot: () => published,
		subscribe(listener) {
			listeners.add(listener);
			return () => {
				listeners.delete(listener);
			};
		},
	};
}
