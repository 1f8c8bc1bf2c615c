import type {Decision} from '../ledger/claims-protocol.ts';
import type {AnalysisInfo} from '../model/analysis-info.ts';
import type {RunEvent} from '../model/events.ts';
import type {AnalysisResults} from '../model/results.ts';
import type {OpenClaim} from './claim-life.ts';
import type {LoadedPipeline} from './loaded-pipeline.ts';
import type {Recovered} from './recover.ts';

export interface WatcherOptions {
	/** The watched folder, as an absolute path. */
	readonly root: string;
	/** Ends when everything that is there is done. */
	readonly isOnce: boolean;
	readonly settleMs: number;
	readonly pollMs: number;
	readonly recoveryIntervalMs: number;
	/** How long running files are waited for when it is to end. */
	readonly graceMs: number;
	readonly isRecursive: boolean;
	readonly needsMarker: boolean;
	readonly allowsNetworkDrive: boolean;
	readonly loaded: LoadedPipeline;
	/** How files are read, to be kept as JSON. */
	readonly settings: object;
	readonly version: string;
	readonly analyses: readonly AnalysisInfo[];
	/** How many files are read at a time, and by how many threads. */
	readonly concurrency: number;
	readonly threads: number;
	/** Consolidated results, asked for at the end. */
	readonly results: () => Promise<AnalysisResults>;
	readonly onEvent: (event: RunEvent) => void;
	/** Something that is no event of a file, as a sentence. */
	readonly onNotice: (notice: string) => void;
	readonly onRecovered: (recovered: Recovered) => void;
	/** A file of the inbox was taken, and a claim was decided. */
	readonly onDecided?: (claim: OpenClaim, decision: Decision, at: number) => void;
	readonly onStep?: (claim: string, tag: string, processor: string) => void;
}
