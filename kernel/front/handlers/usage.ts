import type { Handler } from './handler.ts';

/** Source: ipykernel's kernelbase.py, which JupyterLab's resource usage panel asks. */
export const usage: Handler = async (request, { publisher, usage: meter }) =>
  publisher.reply(request, 'usage_reply', await meter.report());
