/** How many adapters one TaskManager trains, and what its checkpoints cost. */
package io.flinkpeft.example.scale;
