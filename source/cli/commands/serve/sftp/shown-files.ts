// The files of an account as folders: what waits or is worked on, what has come to something and what has not, and the results. The newest of several with
// the same name has it, as if it had replaced the others; those have their ids in theirs.
import {noSuchFile, type SftpEntry, type SftpPath} from '../../../../ssh/sftp/tree.ts';

export const FOLDERS = ['unprocessed', 'processed', 'failed', 'results'] as const;

export type FolderName = (typeof FOLDERS)[number];

/** As the server lists files. */
export interface FileView {
	readonly file_id: string;
	readonly name: string;
	readonly relative_path: string | null;
	readonly size: number;
	readonly status: string;
	readonly received_at: string;
	readonly completed_at: string | null;
}

/** As the server lists results. */
export interface ResultView {
	readonly task_execution_id: string;
	readonly file: string;
	readonly task_id: string;
	readonly completed_at: string;
	readonly rejected_rows: number;
}

/** A file that can be fetched. */
export interface Shown {
	readonly path: SftpPath;
	/** Of the server. */
	readonly url: string;
	/** `null`: not known before it is fetched. */
	readonly bytes: number | null;
	readonly changedAt: number;
}

export class ShownFiles {
	readonly #files = new Map<string, Shown>();
	readonly #folders = new Map<string, Map<string, SftpEntry>>();

	constructor() {
		this.#folders.set('', new Map());
		for (const name of FOLDERS) this.addFolder([name]);
	}

	/** @param id - Goes into the name where that is taken. */
	add(shown: Shown, id: string): void {
		const path = this.#isTaken(shown.path) ? withId(shown.path, id) : shown.path;
		// A file where others have a folder.
		const place = this.#isTaken(path) ? [path[0] ?? '', `${id}-${path.at(-1)}`] : path;
		this.addFolder(place.slice(0, -1));
		this.#files.set(keyOf(place), {...shown, path: place});
		const {bytes, changedAt} = shown;
		this.#entriesOf(place.slice(0, -1)).set(place.at(-1) ?? '', {
			...{name: place.at(-1) ?? '', isFolder: false, bytes, changedAt, mayWrite: false},
		});
	}

	addFolder(path: SftpPath): void {
		if (path.length === 0 || this.#folders.has(keyOf(path))) return;
		this.addFolder(path.slice(0, -1));
		this.#folders.set(keyOf(path), new Map());
		const name = path.at(-1) ?? '';
		this.#entriesOf(path.slice(0, -1)).set(name, folderEntry(path));
	}

	/** @throws {SftpRefusal} */
	stat(path: SftpPath): SftpEntry {
		if (this.#folders.has(keyOf(path))) return folderEntry(path);
		const {bytes, changedAt} = this.find(path);
		return {name: path.at(-1) ?? '', isFolder: false, bytes, changedAt, mayWrite: false};
	}

	/** @throws {SftpRefusal} */
	list(path: SftpPath): readonly SftpEntry[] {
		const entries = this.#folders.get(keyOf(path));
		if (entries === undefined) throw noSuchFile();
		return [...entries.values()];
	}

	isFolder(path: SftpPath): boolean {
		return this.#folders.has(keyOf(path));
	}

	/** @throws {SftpRefusal} */
	find(path: SftpPath): Shown {
		const shown = this.#files.get(keyOf(path));
		if (shown === undefined) throw noSuchFile();
		return shown;
	}

	#entriesOf(path: SftpPath): Map<string, SftpEntry> {
		const entries = this.#folders.get(keyOf(path));
		if (entries === undefined) throw new Error(`Expected a folder ${keyOf(path)}`);
		return entries;
	}

	/** Also where a folder in front of it is a file. */
	#isTaken(path: SftpPath): boolean {
		return (
			this.#folders.has(keyOf(path)) ||
			path.some((_, index) => this.#files.has(keyOf(path.slice(0, path.length - index))))
		);
	}
}

const keyOf = (path: SftpPath): string => path.join('/');

const folderEntry = (path: SftpPath): SftpEntry => ({
	...{name: path.at(-1) ?? '/', isFolder: true, bytes: null, changedAt: Date.now()},
	mayWrite: path[0] === 'unprocessed',
});

/** `a.csv.gz` becomes `a.f_4kq09xz1.csv.gz`. */
function withId(path: SftpPath, id: string): SftpPath {
	const name = path.at(-1) ?? '';
	const [ending = ''] = /(?:\.[\w-]{1,10}){0,2}$/.exec(name) ?? [];
	return [...path.slice(0, -1), `${name.slice(0, name.length - ending.length)}.${id}${ending}`];
}

const folderOf = (status: string): FolderName => {
	if (status === 'COMPLETED') return 'processed';
	return status === 'FAILED' || status === 'CANCELLED' ? 'failed' : 'unprocessed';
};

/** @param files, results - The newest first. */
export function showFiles(files: readonly FileView[], results: readonly ResultView[]): ShownFiles {
	const shown = new ShownFiles();
	for (const {file_id: id, name, relative_path: relativePath, size: bytes, status, ...times} of files)
		shown.add(
			{
				path: [folderOf(status), ...(relativePath ?? name).split('/')],
				url: `/api/v1/files/${encodeURIComponent(id)}/original`,
				...{bytes, changedAt: Date.parse(times.completed_at ?? times.received_at)},
			},
			id,
		);
	for (const {
		task_execution_id: id,
		file,
		task_id: task,
		completed_at: completedAt,
		rejected_rows: rejected,
	} of results) {
		const about = {bytes: null, changedAt: Date.parse(completedAt)};
		// Where none was asked for, the file has decided.
		const name = task === '' ? file : `${file}.${task.replaceAll('/', '-')}`;
		const url = `/api/v1/results/${encodeURIComponent(id)}`;
		shown.add({...about, path: ['results', `${name}.json`], url: `${url}.json`}, id);
		if (rejected > 0) shown.add({...about, path: ['results', `${name}.rejects.csv`], url: `${url}/rejects.csv`}, id);
	}
	return shown;
}
