import { ActionForm, type ActionFormProps } from "@/app/_components/action-form";

/** One button that acts on a person. */
export function PersonActionForm({
  subscriberId,
  token,
  ...form
}: Omit<ActionFormProps, "fields"> & { subscriberId: string; token?: string }) {
  return <ActionForm {...form} fields={token === undefined ? { subscriberId } : { subscriberId, token }} />;
}
