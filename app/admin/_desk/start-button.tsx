import { Button } from "@/app/_components/button";

export function StartButton({ action }: { action: () => Promise<never> }) {
  return (
    <form action={action}>
      <Button>New issue</Button>
    </form>
  );
}
