// csv-parse as a stream, its fastest way that does not hold the file: a file's bytes go in, records come out as arrays.
import {createReadStream} from 'node:fs';
import {parse} from 'csv-parse';
import {createFigures, filesIn, readTask} from './figures.mjs';

const figures = createFigures();
for (const file of filesIn(readTask().folder)) {
	await new Promise((resolve, reject) => {
		const parser = parse({from_line: 2});
		parser.on('readable', () => {
			for (let record = parser.read(); record !== null; record = parser.read()) figures.add(record);
		});
		parser.once('error', reject).once('end', resolve);
		createReadStream(file, {highWaterMark: 1024 * 1024})
			.once('error', reject)
			.pipe(parser);
	});
}
figures.print();
