import { openly } from './http.ts';
import { Problem } from './problem.ts';

/** The addresses of the two APIs, without trailing slashes. */
export interface Endpoints {
  api_url: string;
  ops_url: string;
}

/** Reads the APIs' addresses from config.json, which the deployment writes beside the page. */
export async function loadEndpoints(signal: AbortSignal): Promise<Endpoints> {
  try {
    return await openly<Endpoints>('./config.json', { signal });
  } catch (error) {
    if (error instanceof Problem && error.status === 0) throw error;
    throw new Problem('This page is not set up', 'Its config.json is missing or cannot be read. Deploy the stack again.');
  }
}
