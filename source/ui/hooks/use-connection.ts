import {useSyncExternalStore} from 'react';
import type {Connection, ConnectionState} from '../../model/connection.ts';

const never = (): (() => void) => () => {};

/** `null` for a run of this process. */
export const useConnection = (connection: Connection | undefined): ConnectionState | null =>
	useSyncExternalStore<ConnectionState | null>(connection?.subscribe ?? never, connection?.get ?? (() => null));
