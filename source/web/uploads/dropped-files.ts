// What was dropped or chosen -> files with the folders that they lie in.

export interface GivenFile {
	readonly file: File;
	/** `null`: it lies in no folder. */
	readonly relativePath: string | null;
}

/** The items of a drop are gone after the event, so entries are taken from it at once. */
export async function readDrop(transfer: DataTransfer): Promise<readonly GivenFile[]> {
	const entries = Array.from(transfer.items, item => (item.kind === 'file' ? item.webkitGetAsEntry() : null));
	const files = Array.from(transfer.files);
	const known = entries.filter(entry => entry !== null);
	if (known.length === 0) return files.map(file => ({file, relativePath: null}));
	const found: GivenFile[] = [];
	for (const entry of known) await readEntry(entry, found);
	return found;
}

async function readEntry(entry: FileSystemEntry, found: GivenFile[]): Promise<void> {
	if (entry.isFile) {
		const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
		const path = entry.fullPath.replace(/^\//, '');
		found.push({file, relativePath: path.includes('/') ? path : null});
		return;
	}
	const reader = (entry as FileSystemDirectoryEntry).createReader();
	// Browsers give them by the hundred.
	for (;;) {
		const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
		if (entries.length === 0) return;
		for (const each of entries) await readEntry(each, found);
	}
}

export const readChosen = (files: FileList): readonly GivenFile[] =>
	Array.from(files, file => ({file, relativePath: file.webkitRelativePath === '' ? null : file.webkitRelativePath}));
