import { render } from 'preact';
import { App } from './App.tsx';
import { takeTokenFromAddress } from './features/sign-in/session.ts';
import './styles/colours.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/forms.css';
import './styles/results.css';
import './styles/tables.css';
import './styles/files.css';
import './styles/charts.css';
import './styles/operations.css';

takeTokenFromAddress();
const place = document.getElementById('app');
if (place) render(<App />, place);
