// A run that is followed from another process may be out of reach for a while.

/** `ended`: the run is over and its process is gone, so there is nothing to wait for. `signed-out`: the server knows us no more. */
export type ConnectionState = 'connecting' | 'live' | 'lost' | 'signed-out' | 'ended';

export interface Connection {
	readonly get: () => ConnectionState;
	/** @returns Call it to listen no more. */
	readonly subscribe: (listener: () => void) => () => void;
}
