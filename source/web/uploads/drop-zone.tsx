// Files may be dropped anywhere on the page.
import {type ReactNode, useEffect, useState} from 'react';
import {T} from '../texts.ts';
import {readDrop} from './dropped-files.ts';
import {uploadQueue} from './upload-queue.ts';

const hasFiles = ({dataTransfer}: DragEvent): boolean => dataTransfer?.types.includes('Files') === true;

export function DropZone({onDrop}: {readonly onDrop: () => void}): ReactNode {
	const [isOver, setOver] = useState(false);
	useEffect(() => {
		const over = (event: DragEvent): void => {
			if (!hasFiles(event)) return;
			event.preventDefault();
			setOver(true);
		};
		const leave = (event: DragEvent): void => {
			if (event.relatedTarget === null) setOver(false);
		};
		const drop = (event: DragEvent): void => {
			setOver(false);
			if (!hasFiles(event) || event.dataTransfer === null) return;
			event.preventDefault();
			onDrop();
			void readDrop(event.dataTransfer).then(given => uploadQueue.add(given));
		};
		addEventListener('dragover', over);
		addEventListener('dragleave', leave);
		addEventListener('drop', drop);
		return () => {
			removeEventListener('dragover', over);
			removeEventListener('dragleave', leave);
			removeEventListener('drop', drop);
		};
	}, [onDrop]);
	return isOver ? <div className="drop">{T.upload.drop}</div> : null;
}
