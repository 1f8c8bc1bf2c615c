// What a server is started with.

import type {BatchOptions} from '../engine/batch.ts';
import type {Sharing} from '../ledger/server-ledger.ts';
import type {WorkerInfo} from '../model/worker-info.ts';
import type {LogFields} from '../report/log.ts';
import type {NoticeOptions} from './notices/start-notices.ts';
import type {ProviderOptions} from './oidc/provider.ts';
import type {Sniffing} from './previews.ts';
import type {Role} from './roles.ts';
import type {ScanSettings} from './scanning/scans.ts';
import type {ServedInbox} from './served-inbox.ts';
import type {WriteLog} from './server-log.ts';
import type {TaskOptions} from './task-options.ts';
import type {TaskLimits} from './task-queue.ts';
import type {TlsFiles} from './tls.ts';
import type {SessionLimits} from './tokens.ts';

/** With other servers, which are its instances then. */
export interface SharingOptions extends Pick<Sharing, 'address' | 'times' | 'snapshotLimits'> {
	/** Where the files lie that all of them have, as an absolute path. */
	readonly filesFolder: string;
}

export interface OidcOptions extends ProviderOptions {
	/** Whom it may let in, as `groups=analysts`: see `oidc/claims.ts`. */
	readonly allow: readonly string[];
	/** Of accounts that are made at the first login. */
	readonly role: Role;
}

export type Registration = 'invitation' | 'open' | 'closed';

export interface ServerOptions extends TaskLimits, SessionLimits, NoticeOptions {
	readonly host: string;
	readonly port: number;
	/** `null`: plain HTTP. */
	readonly tls: TlsFiles | null;
	/** Addresses and ranges of proxies, which say for whom they ask and how (`X-Forwarded-…`). */
	readonly trustProxy: readonly string[];
	/** The folder for its ledger and files, as an absolute path. */
	readonly dataFolder: string;
	/** `null`: its accounts, files and tasks are its own. */
	readonly sharing: SharingOptions | null;
	readonly registration: Registration;
	/** Whether there are no accounts: everybody who can reach it is its one user. */
	readonly isOpen: boolean;
	/** Whether nobody is answered by HTTP but who has come in by SSH; without accounts all of these are the one user. */
	readonly isSshAlone: boolean;
	readonly maxUploadBytes: number;
	/** Of each account; `null`: there is none. */
	readonly quotaBytes: number | null;
	readonly quotaFiles: number | null;
	/** How long data sets are kept; `null`: for ever. */
	readonly datasetTtlMs: number | null;
	/** What a packed file or an archive may unpack to, by bytes and by how many times its size. */
	readonly maxUnpackedBytes: number;
	readonly maxUnpackRatio: number;
	/** Files of an archive. */
	readonly maxMembers: number;
	/** The same of results. */
	readonly resultTtlMs: number | null;
	/** Rejected records that are kept with a result. */
	readonly maxRejects: number;
	readonly maxStreamsPerUser: number;
	/** Requests a minute of each user, and of each address where nobody has logged in; `null`: any. */
	readonly requestsPerMinute: number | null;
	/** What the user of a task may say of how its data set is read. */
	readonly taskOptions: TaskOptions;
	readonly sniffing: Sniffing;
	/** What reads the data sets of tasks, beside the threads of the server; by default they do. */
	readonly workers?: BatchOptions['workers'];
	/** Those on other machines; left out where this one reads. */
	readonly workersElsewhere?: (() => readonly WorkerInfo[]) | undefined;
	/** A folder that is watched beside; `null`: there is none. */
	readonly inbox: ServedInbox | null;
	readonly threads: number | undefined;
	readonly version: string;
	/** Where metrics are given out; `null`: only to operators and who has the token. */
	readonly metricsAddress: {readonly host: string; readonly port: number} | null;
	/** The file with the token of monitoring; `null`: there is none. */
	readonly metricsTokenFile: string | null;
	/** Whether all of the health is told to anybody, and not only its word. */
	readonly isHealthPublic: boolean;
	/** Whom to tell of a weakness, as `mailto:` or `https:`; `null`: nobody is named. */
	readonly securityContact: string | null;
	/** A provider of logins (OpenID Connect); `null`: there is none. */
	readonly oidc: OidcOptions | null;
	/** A file with passwords from breaches, see `breached-passwords.ts`, beside those that are known anyway; `null`: there is none. */
	readonly breachedPasswordsFile: string | null;
	/** The file with the key by which files that are sent in are encrypted; `null`: they are not. */
	readonly encryptionKeyFile: string | null;
	/** What looks at each file before anybody reads it; `null`: nothing does. */
	readonly scan: ScanSettings | null;
	readonly log: WriteLog;
	/** Called with what goes wrong in the server: nobody else is told what it was. */
	readonly onFault: (error: unknown, about?: LogFields) => void;
}
