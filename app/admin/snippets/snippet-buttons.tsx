import { ActionForm } from "@/app/_components/action-form";
import { deleteSnippetAction, restoreSnippetAction } from "./actions";

export function DeleteSnippet({ name }: { name: string }) {
  return (
    <ActionForm action={deleteSnippetAction} fields={{ name }} label="Delete this snippet" tone="danger" />
  );
}

export function RestoreSnippet({ name, label }: { name: string; label: string }) {
  return <ActionForm action={restoreSnippetAction} fields={{ name }} label={label} />;
}
