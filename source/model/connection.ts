// A run that is followed from another process may be out of reach for a while.

/**
`ended`: the run is over and its process is gone, so there is nothing to wait for. `signed-out`: the server knows us no more. `given-up`: it is there, but
cannot be followed.
*/
export type ConnectionState = 'connecting' | 'live' | 'lost' | 'signed-out' | 'given-up' | 'ended';

export interface Connection {
	readonly get: () => ConnectionState;
	/** @returns Call it to listen no more. */
	readonly subscribe: (listener: () => void) => () => void;
}
