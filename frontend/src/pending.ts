/** A form that uploads one file: `fields`, then the file as `file`, in one multipart/form-data to `url`. */
export type Upload = {
  upload_id: string;
  url: string;
  fields: Record<string, string>;
  max_bytes: number;
};
