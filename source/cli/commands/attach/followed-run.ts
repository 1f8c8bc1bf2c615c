import type {Connection} from '../../../model/connection.ts';
import type {PastRuns} from '../../../model/past-runs.ts';
import type {RunControl} from '../../../model/run-control.ts';
import type {WatchedFolder} from '../../../model/watched-folder.ts';
import type {ShownStore} from '../../../store/store.ts';
import type {Action} from '../../../ui/commands/keymap.ts';

/** A run of another process, or the tasks of a server, as the dashboard takes them. */
export interface FollowedRun {
	readonly store: ShownStore;
	readonly control: RunControl;
	/** The paths of the run, or the address of the server. */
	readonly title: string;
	/** Whether commands are taken. */
	readonly mayControl: boolean;
	/** Actions that there are not. */
	readonly unavailable: readonly Action[];
	/** The folder that is watched beside, where there is one that may be seen. */
	readonly watched?: WatchedFolder | undefined;
	/** What was done there before, where it can be seen. */
	readonly pastRuns?: PastRuns;
	/** Milliseconds since the run began. */
	readonly now: () => number;
	readonly connection: Connection;
	/** Resolves when all has come that there is. */
	readonly whole: Promise<void>;
	readonly close: () => void;
}
