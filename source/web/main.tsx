import {createRoot} from 'react-dom/client';
import {App} from './app.tsx';
import './style/base.css';
import './style/shell.css';
import './style/files.css';
import './style/tables.css';

const page = document.getElementById('page');
if (page === null) throw new Error('Expected the document to have a place for the page');
createRoot(page).render(<App />);
