// Papa Parse on a stream of Node, a callback for each chunk, which is faster than one for each record.
import {createReadStream} from 'node:fs';
import Papa from 'papaparse';
import {createFigures, filesIn, readTask} from './figures.mjs';

const figures = createFigures();
for (const file of filesIn(readTask().folder)) {
	let isHeader = true;
	await new Promise((resolve, reject) => {
		Papa.parse(createReadStream(file, {highWaterMark: 1024 * 1024}), {
			delimiter: ',',
			skipEmptyLines: true,
			chunk: ({data}) => {
				for (const record of data) {
					if (!isHeader) figures.add(record);
					isHeader = false;
				}
			},
			complete: resolve,
			error: reject,
		});
	});
}
figures.print();
