"""After the approval: notice and standstill, objections and appeals, both parties' word, undo, and the way to the contract."""
